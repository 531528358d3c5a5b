/** Checks the folder that a pack is written to or unpacked into. */
import { statSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** @throws UserError if `folder` does not exist */
export function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError(`There is no folder ${folder}: make it, or give another one.`);
}
