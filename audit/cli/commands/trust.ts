/** `overread trust`: says that a project from elsewhere comes from somebody whom the person trusts. */
import type { Register } from '../command.ts';
import { readProject } from '../project.ts';

export const registerTrust: Register = (program, { terminal }) => {
  program
    .command('trust')
    .description('let a project from elsewhere read files outside of its dataset')
    .argument('<project>', 'the project folder')
    .addHelpText(
      'after',
      '\nA project that you made on this machine needs no trust. One that somebody else made could name' +
        '\nany file of yours, and an export would copy it: trust only whom you know.' +
        '\n\nExample:\n  overread trust chest.overread',
    )
    .action(async (folder: string) => {
      await readProject(folder, (project) => {
        project.trust();
        terminal.print(`You trust ${project.name} in ${project.folder} now.`);
      });
    });
};
