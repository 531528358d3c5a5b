/** `overread relink`: tells a project where its dataset lies now. */
import { resolveAuthor } from '../../review/author.ts';
import type { Register } from '../command.ts';
import { writeProject } from '../project.ts';

export const registerRelink: Register = (program, { terminal, env }) => {
  program
    .command('relink')
    .description('tell a project where its dataset lies now')
    .argument('<project>', 'the project folder')
    .argument('<dataset>', 'the folder of the dataset now')
    .option(
      '--author <name>',
      'your name in the history (default: OVERREAD_AUTHOR, or your account)',
    )
    .addHelpText('after', '\nExample:\n  overread relink chest.overread /data/chest')
    .action(async (folder: string, dataset: string, options: { author?: string }) => {
      await writeProject(folder, 'overread relink', (project) => {
        project.relink(dataset, { author: resolveAuthor(options.author, env) });
        terminal.print(`${project.name} reads its dataset from ${project.origin.root} now.`);
      });
    });
};
