/**
 * What was drawn, as it is kept for undo and written to the journal: a rectangle, and the run
 * lengths of its pixels before and after. Everything costs that rectangle and no more.
 */
import { differenceRect } from './difference.ts';
import type { Rect } from './types.ts';

export interface Edit {
  readonly rect: Rect;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** The run lengths of a rectangle of the mask: the bytes that `packRuns` makes of its pixels. */
export function packRect(mask: Uint8Array, width: number, rect: Rect): Uint8Array {
  const bytes: number[] = [];
  let value = 0;
  let length = 0;
  const put = (): void => {
    let rest = length;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    length = 0;
  };
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    const start = y * width + rect.x;
    const row = mask.subarray(start, start + rect.width);
    let at = 0;
    while (at < rect.width) {
      const turn = row.indexOf(1 - value, at);
      if (turn < 0) {
        length += rect.width - at;
        break;
      }
      length += turn - at;
      put();
      value = 1 - value;
      at = turn;
    }
  }
  put();
  return Uint8Array.from(bytes);
}

/** Calls `each` with every run, cut at the ends of rows: value, and indices into the mask. */
function eachRun(
  runs: Uint8Array,
  width: number,
  rect: Rect,
  each: (value: 0 | 1, from: number, to: number) => boolean,
): boolean {
  let value: 0 | 1 = 0;
  let column = 0;
  let start = rect.y * width + rect.x;
  for (let i = 0; i < runs.length;) {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = runs[i++];
      length += (byte & 0x7f) * 2 ** shift;
      if (!(byte & 0x80)) break;
    }
    while (length > 0) {
      const part = Math.min(length, rect.width - column);
      if (!each(value, start + column, start + column + part)) return false;
      length -= part;
      column += part;
      if (column === rect.width) {
        column = 0;
        start += width;
      }
    }
    value = value === 0 ? 1 : 0;
  }
  return true;
}

/** Writes runs that were packed of a rectangle back into it. */
export function writeRect(mask: Uint8Array, width: number, rect: Rect, runs: Uint8Array): void {
  eachRun(runs, width, rect, (value, from, to) => {
    mask.fill(value, from, to);
    return true;
  });
}

/** Whether the rectangle of the mask looks exactly as the runs say. */
export function showsRect(mask: Uint8Array, width: number, rect: Rect, runs: Uint8Array): boolean {
  return eachRun(runs, width, rect, (value, from, to) => {
    const other = mask.subarray(from, to).indexOf(1 - value);
    return other < 0;
  });
}

/** Copies a rectangle from one mask to another of the same size. */
export function copyRect(from: Uint8Array, to: Uint8Array, width: number, rect: Rect): void {
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    const start = y * width + rect.x;
    to.set(from.subarray(start, start + rect.width), start);
  }
}

/** The edit that turns `before` into `after`, which differ only `within`; null: they do not. */
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
      before: packRect(before, width, rect),
      after: packRect(after, width, rect),
    }
  );
}

export const reversed = ({ rect, before, after }: Edit): Edit => ({
  rect,
  before: after,
  after: before,
});
