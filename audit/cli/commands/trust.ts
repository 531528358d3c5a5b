/** `overread trust`: says that a project from elsewhere comes from somebody whom the person trusts. */
import type { Register } from '../command.ts';
import { readProject } from '../project.ts';

export const registerTrust: Register = (program, { terminal }) => {
  program
    .command('trust')
    .description('let a project from elsewhere be written, and read files outside of its dataset')
    .argument('<project>', 'the project folder')
    .addHelpText(
      'after',
      '\nA project that you made on this machine needs no trust. One that somebody else made is only read, and' +
        '\nonly its dataset: it could name any file of yours, and an export would copy it. Trust only whom you' +
        '\nknow.' +
        '\n\nExample:\n  overread trust chest.overread',
    )
    .action(async (folder: string) => {
      await readProject(folder, (project) => {
        project.trust();
        terminal.print(`You trust ${project.name} in ${project.folder} now.`);
      });
    });
};
