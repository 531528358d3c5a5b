/** `overread verdict`: gives a verdict to a label, or to all labels of a case. */
import { Argument } from 'commander';
import { Verdict } from '../../contract/terms.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import { resolveAuthor } from '../../review/author.ts';
import { giveVerdict, undoVerdict } from '../../review/verdicts.ts';
import type { Register } from '../command.ts';
import { writeProject } from '../project.ts';

interface Options {
  readonly structure?: string;
  readonly comment?: string;
  readonly author?: string;
  readonly json?: boolean;
}

/** For example `JPCLN013: lung accepted, heart flagged (“too low”), clavicle no verdict`. */
export function describeVerdicts(summary: CaseSummary): string {
  const labels = summary.labels
    .filter(({ state }) => state !== 'absent')
    .map(({ structure, verdict, comment }) => {
      const said = comment === null || comment === '' ? '' : ` (“${comment}”)`;
      return `${structure} ${verdict ?? 'no verdict'}${said}`;
    });
  return `${summary.id}: ${labels.join(', ')}`;
}

export const registerVerdict: Register = (program, { terminal, env }) => {
  program
    .command('verdict')
    .description('give a verdict to a label or a case: accepted, fixed, excluded or flagged')
    .argument('<project>', 'the project folder')
    .argument('<case>', 'the name of the case')
    .addArgument(
      new Argument(
        '<verdict>',
        'fixed is for changed labels, none takes the verdict back, undo restores the verdicts before the last change',
      ).choices([...Verdict.options, 'none', 'undo'] as const),
    )
    .option(
      '--structure <name>',
      'only the label of this structure (default: all labels of the case)',
    )
    .option('--comment <text>', 'your reason, for the history')
    .option(
      '--author <name>',
      'your name in the history (default: OVERREAD_AUTHOR, or your account)',
    )
    .option('--json', 'print the case as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  overread verdict chest.overread JPCLN013 excluded --structure heart --comment "cut off"',
    )
    .action(async (folder: string, id: string, given: string, options: Options) => {
      const author = resolveAuthor(options.author, env);
      const summary = await writeProject(folder, 'overread verdict', (project) =>
        given === 'undo'
          ? undoVerdict(project, id, { author })
          : giveVerdict(project, {
              case: id,
              structure: options.structure ?? null,
              verdict: given === 'none' ? null : Verdict.parse(given),
              author,
              ...(options.comment !== undefined && { comment: options.comment }),
            }),
      );
      terminal.print(options.json === true ? JSON.stringify(summary) : describeVerdicts(summary));
    });
};
