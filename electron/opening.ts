/** What a person wants opened: a folder named on the command line, dropped, or chosen. */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { PACK_NAME } from '../audit/contract/terms.ts';

/** Whether a folder is a project by its name: any other is taken for a dataset. */
export const isProject = (path: string): boolean => /\.overread[\\/]?$/i.test(path);

/**
 * What a person gave on the command line: no switches, and without the application's own folder,
 * which comes first where Electron itself is the program.
 */
export function givenIn(argv: readonly string[], packaged: boolean): string[] {
  const given = argv.slice(1).filter((argument) => argument !== '' && !argument.startsWith('-'));
  return packaged ? given : given.slice(1);
}

/**
 * The folder that the arguments name, absolute; null when they name none that is there. A file
 * stands for the folder it lies in: one drops an image as easily as its folder. A packed project
 * stands for itself.
 * @param folder where relative paths start
 */
export function folderIn(args: readonly string[], folder: string): string | null {
  for (const argument of args) {
    const path = isAbsolute(argument) ? argument : resolve(folder, argument);
    if (!existsSync(path)) continue;
    if (PACK_NAME.test(path)) return path;
    return statSync(path).isDirectory() ? path.replace(/[\\/]+$/, '') || path : dirname(path);
  }
  return null;
}
