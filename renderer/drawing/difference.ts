/** Finds where, and in how many pixels, two masks differ, and the rectangle in which a mask is drawn. */
import type { Rect } from './types.ts';

/**
 * The smallest rectangle with all pixels of `within` in which the masks differ; null if they are equal
 * there.
 */
export function differenceRect(
  a: Uint8Array,
  b: Uint8Array,
  width: number,
  within: Rect,
): Rect | null {
  let left = Infinity;
  let right = -1;
  let top = -1;
  let bottom = -1;
  for (let y = within.y; y < within.y + within.height; y += 1) {
    const start = y * width + within.x;
    const end = start + within.width;
    let first = start;
    while (first < end && a[first] === b[first]) first += 1;
    if (first === end) continue;
    let last = end - 1;
    while (a[last] === b[last]) last -= 1;
    if (top < 0) top = y;
    bottom = y;
    left = Math.min(left, first - y * width);
    right = Math.max(right, last - y * width);
  }
  if (top < 0) return null;
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Number of pixels of `within` in which the masks differ. */
export function countDifferent(a: Uint8Array, b: Uint8Array, width: number, within: Rect): number {
  let count = 0;
  for (let y = within.y; y < within.y + within.height; y += 1) {
    const start = y * width + within.x;
    for (let i = start; i < start + within.width; i += 1) if (a[i] !== b[i]) count += 1;
  }
  return count;
}

/** The smallest rectangle with every drawn pixel; null if the mask is empty. */
export function drawnRect(mask: Uint8Array, width: number, height: number): Rect | null {
  const first = mask.indexOf(1);
  if (first < 0) return null;
  const top = Math.floor(first / width);
  const bottom = Math.floor(mask.lastIndexOf(1) / width);
  let left = width;
  let right = -1;
  for (let y = top; y <= bottom && y < height; y += 1) {
    const row = mask.subarray(y * width, (y + 1) * width);
    const from = row.indexOf(1);
    if (from < 0) continue;
    left = Math.min(left, from);
    right = Math.max(right, row.lastIndexOf(1));
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
