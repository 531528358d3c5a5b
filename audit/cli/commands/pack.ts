/** `overread pack` writes a project with its history into one file, `overread unpack` reads it back. */
import { packProject } from '../../archive/pack.ts';
import { unpackProject } from '../../archive/unpack.ts';
import { bytes, counted } from '../../contract/words.ts';
import { resolveAuthor } from '../../review/author.ts';
import type { Register } from '../command.ts';
import { readProject } from '../project.ts';

export const registerPack: Register = (program, { terminal, signal }) => {
  program
    .command('pack')
    .description('put a project with its whole history into one file')
    .argument('<project>', 'the project folder')
    .argument('<file>', 'a new file, for example chest.overread.zip')
    .option('--images', 'add the image files of the dataset')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nThe file holds all data of the project, also the names of patients.' +
        '\n\nExample:\n  overread pack chest.overread chest.overread.zip --images',
    )
    .action(async (folder: string, file: string, options: { images?: boolean; json?: boolean }) => {
      const packed = await readProject(folder, (project) =>
        packProject(project, file, {
          images: options.images === true,
          signal,
          onProgress: (progress) => terminal.progress(progress),
        }),
      );
      terminal.endProgress();
      if (options.json === true) return terminal.print(JSON.stringify(packed));
      const images = packed.images ? ' with their images' : '';
      const what = `${counted(packed.cases, 'case')}${images}, ${bytes(packed.bytes)}`;
      terminal.print(`${packed.file}: ${what}`);
    });
};

export const registerUnpack: Register = (program, { terminal, signal, env }) => {
  program
    .command('unpack')
    .description('make a project folder from a file of "overread pack"')
    .argument('<file>', 'the file, for example chest.overread.zip')
    .argument('<project>', 'a new project folder, for example chest.overread')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  overread unpack chest.overread.zip chest.overread')
    .action(async (file: string, folder: string, options: { json?: boolean }) => {
      const made = await unpackProject(file, folder, {
        author: resolveAuthor(undefined, env),
        signal,
        onProgress: (progress) => terminal.progress(progress),
      });
      terminal.endProgress();
      if (options.json === true) return terminal.print(JSON.stringify(made));
      terminal.print(`${made.folder}: ${counted(made.cases, 'case')}`);
      if (made.images) return;
      terminal.say(
        'The file has no images: if the dataset lies in another folder here, name it with "overread relink".',
      );
    });
};
