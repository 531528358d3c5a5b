/** `overread replace`: reads a mask from a file and adds it as the newest revision of a label. */
import { resolve } from 'node:path';
import { resolveAuthor } from '../../review/author.ts';
import { replaceLabel } from '../../review/replace.ts';
import type { Register } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { writeProject } from '../project.ts';

interface Options {
  readonly structure: string;
  readonly mask: string;
  readonly value?: number;
  readonly comment?: string;
  readonly author?: string;
  readonly json?: boolean;
}

export const registerReplace: Register = (program, { terminal, env }) => {
  program
    .command('replace')
    .description("replace a label's mask with one from a file and mark the label as fixed")
    .argument('<project>', 'the project folder')
    .argument('<case>', 'the name of the case')
    .requiredOption('--structure <name>', 'the structure of the label')
    .requiredOption(
      '--mask <file>',
      'the corrected mask: any size with the proportions of the label',
    )
    .option('--value <n>', 'the value of the structure in a multi-valued mask', wholeNumber(0))
    .option('--comment <text>', 'your reason, for the history')
    .option(
      '--author <name>',
      'your name in the history (default: OVERREAD_AUTHOR, or your account)',
    )
    .option('--json', 'print the revision as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  overread replace chest.overread JPCLN013 --structure heart --mask heart-013.png',
    )
    .action(async (folder: string, id: string, options: Options) => {
      const author = resolveAuthor(options.author, env);
      const { structure, value, comment } = options;
      const { revision, notes } = await writeProject(folder, 'overread replace', (project) =>
        replaceLabel(project, {
          case: id,
          structure,
          file: resolve(options.mask),
          author,
          ...(value !== undefined && { value }),
          ...(comment !== undefined && { comment }),
        }),
      );
      for (const note of notes) terminal.say(note);
      if (options.json === true) terminal.print(JSON.stringify(revision));
      else
        terminal.print(`${id}: ${structure} is revision ${revision.number}, ${revision.area} px`);
    });
};
