/** Checks that the folder exists in which a pack or an unpacked project will be made. */
import { statSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** @throws UserError if `folder` does not exist */
export function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError(`There is no folder ${folder}: make it, or give another one.`);
}
