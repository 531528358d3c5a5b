/** What a person wants opened: a path named on the command line, dropped, or chosen. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

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
 * The folder or file that the arguments name, absolute; null when they name none that is there.
 * @param folder where relative paths start
 */
export function pathIn(args: readonly string[], folder: string): string | null {
  for (const argument of args) {
    const path = isAbsolute(argument) ? argument : resolve(folder, argument);
    if (existsSync(path)) return path.replace(/[\\/]+$/, '') || path;
  }
  return null;
}
