/** Names, order and colours of a dataset's structures. Pure. */
import type { Structure } from '../contract/terms.ts';
import { UserError } from '../errors.ts';

/** Distinct to colour-blind eyes and on grey: Okabe and Ito, 2008, without their black. */
const COLOURS = [
  '#56b4e9',
  '#e69f00',
  '#009e73',
  '#f0e442',
  '#cc79a7',
  '#d55e00',
  '#0072b2',
] as const;

/** Structures that come first, in this order, where a folder's order is free. */
const FIRST = ['lung', 'left lung', 'right lung', 'heart', 'clavicle'];
const MAX_NAME = 64;

/** Letters of any script, digits, space, `-` and `_`. */
const NAME = /^[\p{L}\p{M}\p{N} _-]{1,64}$/u;

/** A folder's name as a structure's: what may not stand in one becomes `_`. */
export function structureNameOf(folder: string): string {
  const name = folder
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} _-]/gu, '_')
    .trim()
    .slice(0, MAX_NAME);
  return name === '' ? '_' : name;
}

/** @throws UserError when a name that a person gave cannot be a structure's. */
export function checkStructureName(name: string): void {
  if (NAME.test(name)) return;
  throw new UserError(
    `“${name}” cannot name a structure: use up to 64 letters, digits, spaces, “-” and “_”.`,
  );
}

/** Names in the order of anatomy where it is known, then of the alphabet. */
export function orderStructures(names: readonly string[]): string[] {
  const place = (name: string) => {
    const at = FIRST.indexOf(name.toLowerCase());
    return at < 0 ? FIRST.length : at;
  };
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/** The structures of these names, each with a colour. */
export function withColours(names: readonly string[]): Structure[] {
  return names.map((name, index) => ({ name, colour: COLOURS[index % COLOURS.length] }));
}
