/** What a person wants opened: a path named on the command line, dropped, or chosen. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

/**
 * The arguments without switches, and without the application's own folder: it comes first where the
 * program is Electron itself.
 */
export function givenIn(argv: readonly string[], packaged: boolean): string[] {
  const given = argv.slice(1).filter((argument) => argument !== '' && !argument.startsWith('-'));
  return packaged ? given : given.slice(1);
}

/**
 * The first folder or file that the arguments name and that exists, absolute, or null.
 * @param folder where relative paths start
 */
export function pathIn(args: readonly string[], folder: string): string | null {
  for (const argument of args) {
    const path = isAbsolute(argument) ? argument : resolve(folder, argument);
    if (existsSync(path)) return path.replace(/[\\/]+$/, '') || path;
  }
  return null;
}
