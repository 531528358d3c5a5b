/** `overread relink`: tells a project where its dataset lies now. */
import type { ProjectReader } from '../../store/types.ts';
import { resolveAuthor } from '../../review/author.ts';
import type { Register } from '../command.ts';
import { readProject, writeProject } from '../project.ts';

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
      const author = resolveAuthor(options.author, env);
      const tell = ({ name, origin }: ProjectReader): void =>
        terminal.print(`${name} reads its dataset from ${origin.root} now.`);
      const isOwn = await readProject(folder, (project) => {
        // A project from elsewhere is not written: the person's word is kept outside of it.
        if (!project.isOwn) {
          project.nameDataset(dataset);
          tell(project);
        }
        return project.isOwn;
      });
      if (!isOwn) return;
      await writeProject(folder, 'overread relink', (project) => {
        project.relink(dataset, { author });
        tell(project);
      });
    });
};
