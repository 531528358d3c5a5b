/** `overread replace`: a corrected mask from a file becomes a label's newest revision. */
import { resolve } from 'node:path';
import { resolveAuthor } from '../../review/author.ts';
import { replaceLabel } from '../../review/replace.ts';
import type { Register } from '../command.ts';
import { wholeNumber } from '../options.ts';
import { writing } from '../project.ts';

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
    .requiredOption('--structure <name>', 'which label')
    .requiredOption('--mask <file>', 'the corrected mask: any size of the same shape')
    .option('--value <n>', 'of a multi-valued mask: the value of this structure', wholeNumber(0))
    .option('--comment <text>', 'why, for the history')
    .option('--author <name>', 'who did it (default: OVERREAD_AUTHOR, or your account)')
    .option('--json', 'print the revision as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  overread replace chest.overread JPCLN013 --structure heart --mask heart-013.png',
    )
    .action(async (folder: string, id: string, options: Options) => {
      const author = resolveAuthor(options.author, env);
      const { structure, value, comment } = options;
      const { revision, notes } = await writing(folder, 'overread replace', (project) =>
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
