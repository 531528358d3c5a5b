/**
 * Turns paths into the form that a project stores, so that a dataset or a project can be moved and
 * linked again.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.ts';
import type { Database } from './database.ts';
import { isInside } from './files.ts';

/**
 * The stored form of a file's path: relative to the dataset's root, with `/`, if the file lies
 * under the root; else absolute.
 */
export function storedName(file: string, root: string): string {
  const absolute = path.resolve(file);
  if (!isInside(absolute, root)) return absolute;
  return path.relative(root, absolute).split(path.sep).join('/');
}

/** The stored form of the dataset's root: relative if it lies inside the project, else absolute. */
export function storedRoot(root: string, project: string): string {
  return isInside(root, project) ? path.relative(project, root) : root;
}

/** @throws UserError if `root` is not a folder, or has none of the project's first 50 images */
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
