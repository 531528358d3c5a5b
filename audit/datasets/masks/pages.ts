/** Masks in the pages of one file, each that of a structure: planes of one size in a row. Pure. */
import type { Mask } from '../../imaging/types.ts';
import { checkPages } from '../../codecs/raster.ts';
import { cutValues } from './masks.ts';
import type { Values } from './masks.ts';

/** How many pages the values are: `data` holds one after the other. */
const countOf = ({ width, height, data }: Values): number => data.length / (width * height);

/** The values of one page, from 0; null where there is no such page. */
function planeOf(values: Values, page: number): Values | null {
  if (page >= countOf(values)) return null;
  const { width, height, data } = values;
  const count = width * height;
  return { width, height, data: data.subarray(page * count, (page + 1) * count) };
}

/**
 * The mask of a page, cut as any binary mask is; empty where there is no such page.
 * @throws CodecError when the page holds several values.
 */
export function maskOfPage(values: Values, page: number): { mask: Mask; note?: string } {
  const { width, height } = values;
  const plane = planeOf(values, page);
  return plane === null
    ? { mask: { width, height, data: new Uint8Array(width * height) } }
    : cutValues(plane, page);
}

/** Why a page that a legend names cannot be read, or null. */
export function missingPage(values: Values, page: number): string | null {
  const count = countOf(values);
  if (page < count) return null;
  const pages = count === 1 ? '1 page' : `${count} pages`;
  return `has ${pages}, and the legend names page ${page}, counted from 0: add it, or correct the legend.`;
}

/** Pages that are not empty and not among `named`. */
export function unnamedPages(values: Values, named: readonly number[]): number[] {
  return Array.from({ length: countOf(values) }, (_, page) => page).filter(
    (page) => !named.includes(page) && planeOf(values, page)!.data.some((value) => value !== 0),
  );
}

/** The numbers that a page has inside and outside of its mask; null of an empty one. */
function numbersOf({ data }: Values): { on: number; off: number } | null {
  // Of soft edges the ends are what counts.
  let [on, off] = [0, Infinity];
  for (const value of data) {
    on = Math.max(on, value);
    off = Math.min(off, value);
  }
  return on === 0 ? null : { on, off: off < on ? off : 0 };
}

/**
 * The pages with some of them drawn anew, in the numbers that they had for inside and outside; an
 * empty one in those of the others. Pages that are not there yet are added, those between empty.
 * @param changed the new mask of each page that changed, of the pages' size.
 * @throws CodecError when that is more than could be read again.
 */
export function redrawPages(before: Values, changed: ReadonlyMap<number, Mask>): Uint16Array {
  const { width, height } = before;
  const count = width * height;
  const pages = Math.max(countOf(before), ...[...changed.keys()].map((page) => page + 1));
  checkPages(width, height, pages);
  const data = new Uint16Array(count * pages);
  data.set(before.data);
  const numbers = Array.from({ length: countOf(before) }, (_, page) =>
    numbersOf(planeOf(before, page)!),
  );
  const usual = numbers.find((known) => known !== null) ?? { on: 255, off: 0 };
  for (const [page, mask] of changed) {
    const { on, off } = numbers[page] ?? usual;
    // One number alone would be taken for all inside, unless it is 0.
    const outside = mask.data.includes(1) ? off : 0;
    for (let i = 0; i < count; i += 1) {
      data[page * count + i] = mask.data[i] === 1 ? on : outside;
    }
  }
  return data;
}
