/**
 * Converts between multi-valued masks and the masks of structures. A structure is stored as one number,
 * several numbers (nnU-Net's regions), one bit of the number, or one page. Structures stored as bits or
 * pages may overlap. Pure.
 */
import type { Coded } from '../../contract/terms.ts';
import type { Mask } from '../../imaging/types.ts';
import type { Part } from '../../codecs/raster.ts';
import { distinct } from './masks.ts';
import type { Values } from './masks.ts';
import { maskOfPage, redrawPages, unnamedPages } from './pages.ts';

/** The structure covers the pixels whose value is one of `values`, or has all bits of `bits`. */
type CodedByNumber =
  | { readonly structure: string; readonly values: readonly number[] }
  | { readonly structure: string; readonly bits: number };
/** The structure is the mask on the page `page`, counted from 0. */
type CodedByPage = { readonly structure: string; readonly page: number };
export type CodedStructure = CodedByNumber | CodedByPage;

/** The structures of a dataset's masks. They are all coded by values, all by bits, or all by pages. */
export type Coding = readonly CodedStructure[];

const HIGHEST = 65536;

const isInside = (coded: CodedByNumber, value: number): boolean =>
  'bits' in coded ? (value & coded.bits) === coded.bits : coded.values.includes(value);

/** The coding of a legend: one number, bit or page per structure. */
export function codingOf(
  legend: readonly (readonly [number, string])[],
  kind: Coded['kind'],
): Coding {
  return legend.map(([value, structure]) => {
    if (kind === 'pages') return { structure, page: value };
    return kind === 'bits' ? { structure, bits: 2 ** value } : { structure, values: [value] };
  });
}

/** The part of a mask file that must be read: all pages if each page is a structure, else one mask. */
export const partOf = (coding: Coding): Part =>
  coding.some((coded) => 'page' in coded) ? 'pages' : 'mask';

/**
 * The mask of one structure; empty if its page is missing.
 * @throws CodecError when its page looks like a multi-valued mask.
 */
export function maskOf(values: Values, coded: CodedStructure): Mask {
  if ('page' in coded) return maskOfPage(values, coded.page).mask;
  const { width, height } = values;
  const inside = new Uint8Array(HIGHEST);
  for (const value of distinct(values.data)) inside[value] = isInside(coded, value) ? 1 : 0;
  const data = new Uint8Array(values.data.length);
  for (let i = 0; i < data.length; i += 1) data[i] = inside[values.data[i]];
  return { width, height, data };
}

/**
 * The values in a mask that belong to no structure; 0 never counts. If structures are bits, these are the
 * values with a bit that belongs to no structure. If structures are pages, these are the numbers of the
 * pages that belong to no structure and are not empty.
 * @param unlabelled values that intentionally belong to no structure
 */
export function unknownValues(
  values: Values,
  coding: Coding,
  unlabelled: readonly number[] = [],
): number[] {
  if (partOf(coding) === 'pages') {
    return unnamedPages(
      values,
      coding.flatMap((coded) => ('page' in coded ? [coded.page] : [])),
    );
  }
  const bits = coding.reduce((all, coded) => all | ('bits' in coded ? coded.bits : 0), 0);
  const meant = coding.flatMap((coded) => ('values' in coded ? coded.values : []));
  const expected = new Set([0, ...unlabelled, ...meant]);
  return distinct(values.data).filter((value) =>
    bits > 0 ? (value & ~bits) !== 0 : !expected.has(value),
  );
}

/**
 * The largest number that a mask with this coding may need; 0 for pages, which keep the numbers of their
 * file.
 */
export function highestValue(coding: Coding): number {
  const numbers = coding.flatMap((coded) => {
    if ('page' in coded) return [0];
    return 'bits' in coded ? [coded.bits] : coded.values;
  });
  return 'bits' in coding[0] ? numbers.reduce((all, bit) => all | bit, 0) : Math.max(...numbers);
}

/** Gives each set of structures a small number; 0 is the empty set. */
class Sets {
  readonly #members: (readonly number[])[] = [[]];
  readonly #numbers = new Map<string, number>([['', 0]]);
  readonly #joined = new Map<number, number>();

  of(members: readonly number[]): number {
    const key = members.join(',');
    const number = this.#numbers.get(key);
    if (number !== undefined) return number;
    this.#numbers.set(key, this.#members.length);
    return this.#members.push(members) - 1;
  }

  /** The number of the set with one more structure. The index `structure` must be larger than all members. */
  with(set: number, structure: number): number {
    const key = set * HIGHEST + structure;
    const joined = this.#joined.get(key) ?? this.of([...this.#members[set], structure]);
    this.#joined.set(key, joined);
    return joined;
  }

  members(set: number): readonly number[] {
    return this.#members[set];
  }
}

/**
 * The value for a pixel whose structures should be `wanted`: the value whose structures differ least from
 * `wanted`. If several values differ equally, the one whose last structure comes latest in the coding is
 * taken.
 */
function bestValue(
  wanted: readonly number[],
  candidates: readonly { value: number; members: readonly number[] }[],
): number {
  let best = { value: 0, wrong: Infinity, last: -1 };
  for (const { value, members } of candidates) {
    const right = members.filter((member) => wanted.includes(member)).length;
    const wrong = members.length + wanted.length - 2 * right;
    const last = members.at(-1) ?? -1;
    if (wrong < best.wrong || (wrong === best.wrong && last > best.last)) {
      best = { value, wrong, last };
    }
  }
  return best.value;
}

/**
 * Redraws the structures in `changed`. A pixel whose structures stay the same keeps its value, even if
 * the value belongs to no structure.
 * @param changed the new mask of each changed structure, of the values' size
 * @returns the values; `lost` is the number of pixels with a combination of structures that no value
 *   represents
 */
export function recode(
  before: Values,
  coding: Coding,
  changed: ReadonlyMap<string, Mask>,
): { data: Uint16Array; lost: number } {
  if (partOf(coding) === 'pages') {
    const pages = coding.flatMap((coded): [number, Mask][] => {
      const mask = changed.get(coded.structure);
      return 'page' in coded && mask !== undefined ? [[coded.page, mask]] : [];
    });
    return { data: redrawPages(before, new Map(pages)), lost: 0 };
  }
  const data = Uint16Array.from(before.data);
  if ('bits' in (coding[0] ?? {})) {
    for (const coded of coding) {
      const mask = changed.get(coded.structure);
      if (mask === undefined || !('bits' in coded)) continue;
      for (let i = 0; i < data.length; i += 1) {
        data[i] = mask.data[i] === 1 ? data[i] | coded.bits : data[i] & ~coded.bits;
      }
    }
    return { data, lost: 0 };
  }
  const sets = new Sets();
  const setOf = new Uint32Array(HIGHEST);
  const membersOf = (value: number) =>
    coding.flatMap((coded, index) => (!('page' in coded) && isInside(coded, value) ? [index] : []));
  for (const value of distinct(before.data)) setOf[value] = sets.of(membersOf(value));
  // The structures are added in the order of the coding, because `Sets.with` needs ascending indices.
  const wanted = new Uint32Array(data.length);
  coding.forEach((coded, index) => {
    const mask = changed.get(coded.structure)?.data ?? maskOf(before, coded).data;
    for (let i = 0; i < wanted.length; i += 1) {
      if (mask[i] === 1) wanted[i] = sets.with(wanted[i], index);
    }
  });
  const all = [0, ...new Set(coding.flatMap((coded) => ('values' in coded ? coded.values : [])))];
  const candidates = all.map((value) => ({ value, members: membersOf(value) }));
  const valueOf = new Map<number, { value: number; exact: boolean }>();
  let lost = 0;
  for (let i = 0; i < data.length; i += 1) {
    if (wanted[i] === setOf[data[i]]) continue;
    let found = valueOf.get(wanted[i]);
    if (found === undefined) {
      const value = bestValue(sets.members(wanted[i]), candidates);
      found = { value, exact: sets.of(membersOf(value)) === wanted[i] };
      valueOf.set(wanted[i], found);
    }
    data[i] = found.value;
    if (!found.exact) lost += 1;
  }
  return { data, lost };
}
