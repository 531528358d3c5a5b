/**
 * Where the dataset lies, and its files by name. A file under the dataset's root is stored relative to
 * it, so that a dataset that was moved can be linked again.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.ts';
import type { Database } from './database.ts';
import { isInside } from './files.ts';

/**
 * How a file is stored: relative where it lies under the dataset's root, so it follows a move, and
 * with `/`, so it follows to another system.
 */
export function storedName(file: string, root: string): string {
  const absolute = path.resolve(file);
  if (!isInside(absolute, root)) return absolute;
  return path.relative(root, absolute).split(path.sep).join('/');
}

/** How the root is stored: images in the project's own folder stay linked wherever that is moved to. */
export function storedRoot(root: string, project: string): string {
  return isInside(root, project) ? path.relative(project, root) : root;
}

/** @throws UserError where `root` is no folder, or holds none of the first images */
export function checkHoldsImages(db: Database, root: string): void {
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`There is no folder ${root}: give the folder the dataset lies in now.`);
  }
  const sample = db.all<{ file: string }>('SELECT image_file AS file FROM cases LIMIT 50');
  const found = sample.some(({ file }) =>
    statSync(path.resolve(root, file), { throwIfNoEntry: false })?.isFile(),
  );
  if (sample.length > 0 && !found) {
    throw new UserError(
      `${root} does not hold the images of this project: it should hold ${sample[0]?.file}.`,
    );
  }
}
