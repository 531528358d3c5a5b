/** Paths of a dataset, and the check that a project or export lies outside its folders. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../../errors.ts';

/** Whether `path` is `folder` or lies below it. Both are absolute. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

/** The path with `/` as separator on every system. */
export function withSlashes(path: string): string {
  return path.split(sep).join('/');
}

/** The path as projects store it: relative to `root`, with `/`. */
export function portable(root: string, path: string): string {
  return withSlashes(relative(root, path));
}

/**
 * The absolute path for a path in a dataset's layout.
 * @throws UserError when it lies outside the dataset.
 */
export function pathWithin(root: string, place: string): string {
  const path = resolve(root, place);
  if (isWithin(path, root)) return path;
  throw new UserError(`${path} lies outside of the dataset ${root}.`);
}

/** Resolves the links in a path. The last parts of the path need not exist. */
async function real(path: string): Promise<string> {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  return realpath(absolute).catch(async () =>
    parent === absolute ? absolute : join(await real(parent), basename(absolute)),
  );
}

/**
 * Checks that a folder that Overread will write neither lies in a dataset nor contains one.
 * @param what the start of the error's sentence: `The project folder`, `The export`
 * @param folders the folders of the dataset, see `DatasetListing.folders`
 * @param whose the words for `folders` in the error's sentence
 * @throws UserError when `place` lies in one of `folders` or contains one.
 */
export async function assertApart(
  what: string,
  place: string,
  folders: readonly string[],
  whose = "the dataset's folder",
): Promise<void> {
  const here = await real(place);
  for (const folder of folders) {
    const there = await real(folder);
    if (isWithin(here, there)) {
      throw new UserError(
        `${what} ${place} would lie inside ${whose} ${folder}: put it elsewhere.`,
      );
    }
    if (isWithin(there, here)) {
      throw new UserError(
        `${what} ${place} would hold ${whose} ${folder}: they must be apart, put it elsewhere.`,
      );
    }
  }
}

/** The deepest folder that contains all of `paths` (absolute; at least one). */
export function commonFolder(paths: readonly string[]): string {
  let common = paths[0];
  for (const path of paths) while (!isWithin(path, common)) common = dirname(common);
  return common;
}
