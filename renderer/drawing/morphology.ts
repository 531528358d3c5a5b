/**
 * Grows, shrinks and smooths masks. Each function works only on the rectangle around the drawn pixels and a
 * margin. Pixels beyond the image's border do not count.
 */
import { drawnRect } from './difference.ts';
import { clipped } from './rect.ts';
import type { Rect } from './types.ts';

function around(mask: Uint8Array, width: number, height: number, by: number): Rect | null {
  const rect = drawnRect(mask, width, height);
  if (!rect) return null;
  const { x, y } = rect;
  return clipped(x - by, y - by, x + rect.width + by, y + rect.height + by, width, height);
}

/** A copy of the mask in which `value` has spread from each pixel that has it to its four neighbours. */
function spread(mask: Uint8Array, width: number, height: number, value: 0 | 1): Uint8Array {
  const result = mask.slice();
  const rect = around(mask, width, height, 1);
  if (!rect) return result;
  const right = rect.x + rect.width;
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    for (let x = rect.x, i = y * width + rect.x; x < right; x += 1, i += 1) {
      if (mask[i] === value) continue;
      if (
        (x > 0 && mask[i - 1] === value) ||
        (x + 1 < width && mask[i + 1] === value) ||
        (y > 0 && mask[i - width] === value) ||
        (y + 1 < height && mask[i + width] === value)
      ) {
        result[i] = value;
      }
    }
  }
  return result;
}

/** Grows the drawn pixels by one pixel in all four directions. */
export const grow = (mask: Uint8Array, width: number, height: number): Uint8Array =>
  spread(mask, width, height, 1);

/** Shrinks the drawn pixels by one pixel in all four directions. */
export const shrink = (mask: Uint8Array, width: number, height: number): Uint8Array =>
  spread(mask, width, height, 0);

/**
 * For each row of a disc, how many pixels the row reaches to either side of its middle. The disc's pixels are
 * at most `radius` away from its centre.
 */
function discRows(radius: number): number[] {
  return Array.from({ length: 2 * radius + 1 }, (_, row) =>
    Math.floor(Math.sqrt(radius * radius - (row - radius) ** 2)),
  );
}

/**
 * Smooths by a majority filter: a pixel becomes what most pixels of the disc around it are. It
 * rounds corners and removes notches and spurs that are narrower than the disc; straight edges stay.
 */
export function smooth(mask: Uint8Array, width: number, height: number, radius = 3): Uint8Array {
  const result = mask.slice();
  const rect = around(mask, width, height, radius);
  if (!rect) return result;
  const rows = discRows(radius);
  const inside = new Int32Array(rect.width);
  const size = new Int32Array(rect.width);
  const sums = new Int32Array(width + 1);
  // For each row that the disc covers now, the sums of its first 0, 1, 2 … pixels. Row y is kept at index y
  // modulo the ring's length.
  const ring = rows.map(() => new Int32Array(width + 1));
  const sumRow = (y: number): void => {
    if (y < 0 || y >= height) return;
    sums.fill(0);
    let sum = 0;
    for (let x = 0, i = y * width; x < width; x += 1, i += 1) {
      sum += mask[i];
      sums[x + 1] = sum;
    }
    ring[y % rows.length].set(sums);
  };
  for (let y = rect.y - radius; y < rect.y + radius; y += 1) sumRow(y);
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    sumRow(y + radius);
    inside.fill(0);
    size.fill(0);
    for (let k = 0; k < rows.length; k += 1) {
      const other = y + k - radius;
      if (other < 0 || other >= height) continue;
      const row = ring[other % rows.length];
      const half = rows[k];
      for (let n = 0; n < rect.width; n += 1) {
        const x = rect.x + n;
        const from = x > half ? x - half : 0;
        const to = x + half + 1 < width ? x + half + 1 : width;
        inside[n] += row[to] - row[from];
        size[n] += to - from;
      }
    }
    for (let n = 0, i = y * width + rect.x; n < rect.width; n += 1, i += 1) {
      const twice = 2 * inside[n];
      if (twice !== size[n]) result[i] = twice > size[n] ? 1 : 0;
    }
  }
  return result;
}
