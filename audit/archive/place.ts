/** Where a pack, or what is unpacked, may be put. */
import { statSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** @throws UserError where `folder` is not there */
export function requireFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new UserError(`There is no folder ${folder}: make it, or give another one.`);
}
