/** `overread relink`: the dataset was moved, and the project follows. */
import { resolveAuthor } from '../../review/author.ts';
import type { Register } from '../command.ts';
import { writing } from '../project.ts';

export const registerRelink: Register = (program, { terminal, env }) => {
  program
    .command('relink')
    .description('say where the dataset of a project lies now')
    .argument('<project>', 'the project folder')
    .argument('<dataset>', 'the folder the dataset was imported from, where it is now')
    .option('--author <name>', 'who says so (default: OVERREAD_AUTHOR, or your account)')
    .addHelpText('after', '\nExample:\n  overread relink chest.overread /data/chest')
    .action(async (folder: string, dataset: string, options: { author?: string }) => {
      await writing(folder, 'overread relink', (project) => {
        project.relink(dataset, { author: resolveAuthor(options.author, env) });
        terminal.print(`${project.name} reads its dataset from ${project.origin.root} now.`);
      });
    });
};
