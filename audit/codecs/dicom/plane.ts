/** Reads where the pixels of a DICOM file lie in the patient. Reference: PS3.3, C.7.6.2.1.1. */
import type { DataSet } from 'dicom-parser';
import { itemsOf } from './data.ts';
import type { PixelGrid } from '../../imaging/types.ts';

const POSITION = 'x00200032';
const ORIENTATION = 'x00200037';
const SPACING = 'x00280030';
const IMAGER_SPACING = 'x00181164';
/** The sequences of functional groups that hold these elements in a file of frames. */
const GROUPS = ['x00209113', 'x00209116', 'x00289110'];

/** The numbers of an element, or null if there are not `count` of them. */
function numbersOf(elements: DataSet, tag: string, count: number): number[] | null {
  const numbers = (elements.string(tag) ?? '').split('\\').map(Number);
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : null;
}

/**
 * @param parts the elements of the file, or its functional groups, the most specific first
 * @returns undefined if the file states no direction or no size of a pixel
 */
export function planeOf(parts: readonly (DataSet | undefined)[]): PixelGrid | undefined {
  const places = parts.flatMap((part) =>
    part === undefined ? [] : [part, ...GROUPS.flatMap((group) => itemsOf(part, group))],
  );
  const first = (tag: string, count: number): number[] | null =>
    places.map((place) => numbersOf(place, tag, count)).find((found) => found !== null) ?? null;
  const orientation = first(ORIENTATION, 6);
  const spacing = first(SPACING, 2) ?? first(IMAGER_SPACING, 2);
  if (orientation === null || spacing === null) return undefined;
  const [between, along] = spacing;
  const column = orientation.slice(0, 3).map((part) => part * along);
  const row = orientation.slice(3).map((part) => part * between);
  if (![column, row].every((step) => Math.hypot(...step) > 0)) return undefined;
  return { origin: first(POSITION, 3) ?? [0, 0, 0], column, row };
}
