/** Checks the place of what is packed or unpacked: its folder, its name and the space there. */
import { lstatSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { bytes } from '../contract/words.ts';
import { UserError } from '../errors.ts';

/** @throws UserError if `folder` does not exist */
export function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError(`There is no folder ${folder}: make it, or give another one.`);
}

/** @throws UserError if `path` is taken. @param instead what to do then, as the end of the sentence */
export function requireFree(path: string, instead: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })) {
    throw new UserError(`${path} is there already: ${instead}.`);
  }
}

/** @throws UserError if the disk of `folder` has less than `size` bytes left. @param what the start of the sentence */
export async function checkSpace(folder: string, size: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (size <= free) return;
  throw new UserError(
    `${what} needs ${bytes(size)} and ${folder} has ${bytes(free)} left: free some space, or give another folder.`,
  );
}
