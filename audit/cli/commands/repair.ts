/** `overread repair`: gives back what can be given back of a damaged project. */
import type { Register } from '../command.ts';
import { counted } from '../../contract/words.ts';
import { resolveAuthor } from '../../review/author.ts';
import { repairProject } from '../../store/repair.ts';

export const registerRepair: Register = (program, { terminal, env }) => {
  program
    .command('repair')
    .description(
      'give back what a damaged or old project.db lacks, from the label store and its log',
    )
    .argument('<project>', 'the project folder')
    .option(
      '--author <name>',
      'your name in the history (default: OVERREAD_AUTHOR, or your account)',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nThe files are copied to a folder in the project first. If you have a backup of project.db that is' +
        '\nwhole, put it back before: the changes since then are given back, too.' +
        '\n\nExample:\n  overread repair chest.overread',
    )
    .action(async (folder: string, options: { author?: string; json?: boolean }) => {
      const author = resolveAuthor(options.author, env);
      const repaired = await repairProject(folder, { author });
      if (options.json === true) return terminal.print(JSON.stringify(repaired));
      const { salvaged, givenBack, lost, because, kept } = repaired;
      if (salvaged !== null) {
        terminal.print(
          `The database was damaged; ${counted(salvaged, 'row')} of it could be read.`,
        );
      }
      if (givenBack > 0) terminal.print(`${counted(givenBack, 'change')} given back.`);
      if (lost > 0) terminal.print(`${counted(lost, 'change')} lost. ${because ?? ''}`.trimEnd());
      if (kept === null) return terminal.print('Nothing is missing.');
      terminal.print(`The files as they were: ${kept}\nNow check it: overread verify ${folder}`);
    });
};
