/** Names, order and colours of a dataset's structures. Pure. */
import { STRUCTURE_COLOURS, STRUCTURE_NAME } from '../../contract/terms.ts';
import type { Structure } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';

/** Structures that come first, in this order, if the dataset itself gives no order. */
const FIRST = ['lung', 'left lung', 'right lung', 'heart', 'clavicle'];
const MAX_NAME = 64;

/** A structure's name made from a folder's or label's name: forbidden characters become `_`. */
export function structureNameOf(folder: string): string {
  const name = folder
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} _-]/gu, '_')
    .trim()
    .slice(0, MAX_NAME);
  return name === '' ? '_' : name;
}

/** A structure's name made from `name` that differs from all names in `taken`. */
export function newStructureName(name: string, taken: ReadonlyMap<string, unknown>): string {
  const base = structureNameOf(name);
  let structure = base;
  for (let next = 2; taken.has(structure); next += 1) {
    structure = `${base.slice(0, MAX_NAME - 4)} ${next}`;
  }
  return structure;
}

/**
 * Checks that a name is allowed for a structure.
 * @param from the file that contains the name, or null if a person gave it
 * @throws UserError when the name is not allowed.
 */
export function checkStructureName(name: string, from: string | null = null): void {
  if (STRUCTURE_NAME.test(name)) return;
  const where = from === null ? '' : `${from}: `;
  throw new UserError(
    `${where}“${name}” cannot name a structure: use up to 64 letters, digits, spaces, “-” and “_”.`,
  );
}

/** Sorts names: first the ones with a fixed place (`FIRST`), then alphabetically. */
export function orderStructures(names: readonly string[]): string[] {
  const place = (name: string) => {
    const at = FIRST.indexOf(name.toLowerCase());
    return at < 0 ? FIRST.length : at;
  };
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0));
}

/** Gives each structure a colour from the fixed list, which starts again when it is used up. */
export function withColours(names: readonly string[]): Structure[] {
  return names.map((name, index) => ({
    name,
    colour: STRUCTURE_COLOURS[index % STRUCTURE_COLOURS.length],
  }));
}
