/** Where a project or an export may lie: never in the folders that a dataset is read from. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../../errors.ts';

/** Whether `path` is `folder` or lies below it; both absolute. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

/** A path with `/` between its parts, whatever the system puts there. */
export function withSlashes(path: string): string {
  return path.split(sep).join('/');
}

/** A path below `root` as it is kept: relative, with `/`. */
export function portable(root: string, path: string): string {
  return withSlashes(relative(root, path));
}

/**
 * The absolute path of a place that a dataset's layout names.
 * @throws UserError when it leads out of the dataset.
 */
export function pathWithin(root: string, place: string): string {
  const path = resolve(root, place);
  if (isWithin(path, root)) return path;
  throw new UserError(`${path} lies outside of the dataset ${root}.`);
}

/** The real path, of which the last parts need not exist yet. */
async function real(path: string): Promise<string> {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  return realpath(absolute).catch(async () =>
    parent === absolute ? absolute : join(await real(parent), basename(absolute)),
  );
}

/**
 * Checks that what is about to be written lies apart from a dataset.
 * @param what begins the sentence: `The project folder`, `The export`.
 * @param folders the folders the dataset is read from, see `DatasetListing.folders`.
 * @param whose what these folders are, where they are not the dataset's.
 * @throws UserError when one lies within the other.
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

/** The deepest folder that holds all of `paths` (absolute, not empty). */
export function commonFolder(paths: readonly string[]): string {
  let common = paths[0];
  for (const path of paths) while (!isWithin(path, common)) common = dirname(common);
  return common;
}
