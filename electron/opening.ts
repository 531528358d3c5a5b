/** Finds the folder or file to open among the arguments of the command line. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

/**
 * The arguments without switches. If the application is not packaged, the first argument is the
 * application's own folder, which is left out, too.
 */
export function givenIn(argv: readonly string[], packaged: boolean): string[] {
  const given = argv.slice(1).filter((argument) => argument !== '' && !argument.startsWith('-'));
  return packaged ? given : given.slice(1);
}

/**
 * The absolute path of the first argument that names an existing folder or file, or null.
 * @param folder where relative paths start
 */
export function pathIn(args: readonly string[], folder: string): string | null {
  for (const argument of args) {
    const path = isAbsolute(argument) ? argument : resolve(folder, argument);
    if (existsSync(path)) return path.replace(/[\\/]+$/, '') || path;
  }
  return null;
}
