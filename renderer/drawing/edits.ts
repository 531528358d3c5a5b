/**
 * An edit, as undo and the journal keep it: a rectangle with the runs of its pixels before and
 * after. All work is limited to the rectangle.
 */
import { encodeRect } from '../../audit/contract/runs.ts';
import { differenceRect } from './difference.ts';
import type { Rect } from './types.ts';

export interface Edit {
  readonly rect: Rect;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Whether the mask's pixels in the rectangle equal the encoded runs. */
export function showsRect(mask: Uint8Array, width: number, rect: Rect, runs: Uint8Array): boolean {
  const now = encodeRect(mask, width, rect);
  return now.length === runs.length && now.every((byte, i) => byte === runs[i]);
}

/** Copies a rectangle from one mask to another of the same size. */
export function copyRect(from: Uint8Array, to: Uint8Array, width: number, rect: Rect): void {
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    const start = y * width + rect.x;
    to.set(from.subarray(start, start + rect.width), start);
  }
}

/**
 * The edit that turns `before` into `after`, which differ only `within`; null if they are equal.
 */
export function makeEdit(
  before: Uint8Array,
  after: Uint8Array,
  width: number,
  within: Rect,
): Edit | null {
  const rect = differenceRect(before, after, width, within);
  return (
    rect && {
      rect,
      before: encodeRect(before, width, rect),
      after: encodeRect(after, width, rect),
    }
  );
}

export const reversed = ({ rect, before, after }: Edit): Edit => ({
  rect,
  before: after,
  after: before,
});
