/**
 * How the numbers of a multi-valued mask mean structures: one number each, several numbers (nnU-Net's
 * regions), or, so that structures may overlap, one bit of the number each, or a page each. Pure.
 */
import type { Coded } from '../../contract/terms.ts';
import type { Mask } from '../../imaging/types.ts';
import type { Part } from '../../codecs/raster.ts';
import { distinct } from './masks.ts';
import type { Values } from './masks.ts';
import { maskOfPage, redrawPages, unnamedPages } from './pages.ts';

/** A structure is where the value is one of `values`, or has all bits of `bits`. */
type CodedByNumber =
  | { readonly structure: string; readonly values: readonly number[] }
  | { readonly structure: string; readonly bits: number };
/** Or it is the mask on the page `page`, from 0. */
type CodedByPage = { readonly structure: string; readonly page: number };
export type CodedStructure = CodedByNumber | CodedByPage;

/** All structures of a dataset's masks, either all by values, or all by bits, or all by pages. */
export type Coding = readonly CodedStructure[];

const HIGHEST = 65536;

const isInside = (coded: CodedByNumber, value: number): boolean =>
  'bits' in coded ? (value & coded.bits) === coded.bits : coded.values.includes(value);

/** One number a structure, as a legend has it, or one bit, or one page. */
export function codingOf(
  legend: readonly (readonly [number, string])[],
  kind: Coded['kind'],
): Coding {
  return legend.map(([value, structure]) => {
    if (kind === 'pages') return { structure, page: value };
    return kind === 'bits' ? { structure, bits: 2 ** value } : { structure, values: [value] };
  });
}

/** What of a mask's file is read: all its pages, where they are structures. */
export const partOf = (coding: Coding): Part =>
  coding.some((coded) => 'page' in coded) ? 'pages' : 'mask';

/**
 * The pixels of one structure; none, of a page that is not there.
 * @throws CodecError when it is a page that holds several values.
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
 * The values (or, of bits, the values with bits; or the pages) that belong to no structure, 0 and empty
 * pages apart.
 * @param unlabelled values that are meant to belong to none.
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
  const known = new Set([0, ...unlabelled, ...meant]);
  return distinct(values.data).filter((value) =>
    bits > 0 ? (value & ~bits) !== 0 : !known.has(value),
  );
}

/** The largest number that the coding writes; 0 of pages, which are written in their own numbers. */
export function highestValue(coding: Coding): number {
  const numbers = coding.flatMap((coded) => {
    if ('page' in coded) return [0];
    return 'bits' in coded ? [coded.bits] : coded.values;
  });
  return 'bits' in coding[0] ? numbers.reduce((all, bit) => all | bit, 0) : Math.max(...numbers);
}

/** Sets of structures, each known by a small number: 0 is the empty one. */
class Sets {
  readonly #members: (readonly number[])[] = [[]];
  readonly #known = new Map<string, number>([['', 0]]);
  readonly #joined = new Map<number, number>();

  of(members: readonly number[]): number {
    const key = members.join(',');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#members.length);
    return this.#members.push(members) - 1;
  }

  /** The set with one structure more, of a higher number than its others. */
  with(set: number, structure: number): number {
    const key = set * HIGHEST + structure;
    const known = this.#joined.get(key) ?? this.of([...this.#members[set], structure]);
    this.#joined.set(key, known);
    return known;
  }

  members(set: number): readonly number[] {
    return this.#members[set];
  }
}

/**
 * The value that says best which structures lie on a pixel: the fewest that it has wrong, and of
 * several alike the one with the structure that comes last.
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
 * The values with some structures drawn anew. A pixel whose structures stay keeps its very value;
 * values that mean nothing stay where nothing is drawn over them.
 * @param changed the new mask of each structure that changed, of the values' size.
 * @returns the values, and on how many pixels they cannot say all the structures that lie there.
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
  // Structure by structure, so that a pixel's set grows in their order.
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
