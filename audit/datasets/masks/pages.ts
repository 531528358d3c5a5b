/** Masks in the pages of one file, a page per structure. All pages have one size. Pure. */
import { counted } from '../../contract/words.ts';
import { emptyMask } from '../../imaging/polygon.ts';
import type { Mask } from '../../imaging/types.ts';
import { checkPages } from '../../codecs/raster.ts';
import { cutValues } from './masks.ts';
import type { Values } from './masks.ts';

/** Number of pages in the values. */
const countOf = ({ width, height, data }: Values): number => data.length / (width * height);

/** The values of one page, counted from 0, or null if there is no such page. */
function planeOf(values: Values, page: number): Values | null {
  if (page >= countOf(values)) return null;
  const { width, height, data } = values;
  const count = width * height;
  return { width, height, data: data.subarray(page * count, (page + 1) * count) };
}

/**
 * The mask of a page (see `cutValues`), or an empty mask if there is no such page.
 * @throws CodecError when the page looks like a multi-valued mask.
 */
export function maskOfPage(values: Values, page: number): { mask: Mask; note?: string } {
  const { width, height } = values;
  const plane = planeOf(values, page);
  return plane === null ? { mask: emptyMask(width, height) } : cutValues(plane, page);
}

/** A sentence for the error if the file lacks a page that the legend names, or null if it has the page. */
export function missingPage(values: Values, page: number): string | null {
  const count = countOf(values);
  if (page < count) return null;
  const pages = counted(count, 'page');
  return `has ${pages}, and the legend names page ${page}, counted from 0: add it, or correct the legend.`;
}

/** The pages that are not empty and not in `named`. */
export function unnamedPages(values: Values, named: readonly number[]): number[] {
  return Array.from({ length: countOf(values) }, (_, page) => page).filter(
    (page) => !named.includes(page) && planeOf(values, page)!.data.some((value) => value !== 0),
  );
}

/** The numbers that a page has inside and outside of its mask, or null if the page is empty. */
function numbersOf({ data }: Values): { on: number; off: number } | null {
  // A page with soft edges has more than two numbers; its smallest and its largest are taken.
  let [on, off] = [0, Infinity];
  for (const value of data) {
    on = Math.max(on, value);
    off = Math.min(off, value);
  }
  return on === 0 ? null : { on, off: off < on ? off : 0 };
}

/**
 * Redraws the pages in `changed`. Each page keeps the numbers that it had inside and outside. A page that
 * was empty takes the numbers of the first page that was not. Missing pages are added.
 * @param changed the new mask of each changed page, of the pages' size
 * @throws CodecError when there are more pixels than can be read again.
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
  const usual = numbers.find((pair) => pair !== null) ?? { on: 255, off: 0 };
  for (const [page, mask] of changed) {
    const { on, off } = numbers[page] ?? usual;
    // An empty page must be 0: a page with only one other number would be read as all inside.
    const outside = mask.data.includes(1) ? off : 0;
    for (let i = 0; i < count; i += 1) {
      data[page * count + i] = mask.data[i] === 1 ? on : outside;
    }
  }
  return data;
}
