/** Points, rows and simple operations on masks, shared by the rasterisers of polygons. */
import type { Mask } from './types.ts';

/**
 * A point, [x, y]: x to the right, y down. Corners of polygons are in pixels, and each tool has its own
 * idea of where the first pixel's centre lies. Points of phantoms are shares of the image's side, 0 … 1.
 */
export type Point = readonly [x: number, y: number];

/** A mask without inside pixels. */
export function emptyMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Makes the pixels x0 … x1 of row y inside; leaves out those beyond the mask. */
export function paintRow(mask: Mask, x0: number, y: number, x1: number): void {
  if (y < 0 || y >= mask.height || x0 >= mask.width || x1 < 0) return;
  const start = y * mask.width;
  mask.data.fill(1, start + Math.max(x0, 0), start + Math.min(x1, mask.width - 1) + 1);
}

/** Number of pixels in which two masks of the same size differ. */
export function differingPixels(a: Mask, b: Mask): number {
  let count = 0;
  for (let i = 0; i < a.data.length; i += 1) count += a.data[i] ^ b.data[i];
  return count;
}

/** Adds the inside pixels of `mask` to `into`, a mask of the same size. */
export function addMask(into: Mask, mask: Mask): void {
  for (let i = 0; i < into.data.length; i += 1) into.data[i] |= mask.data[i];
}

/** The bounding box of a mask; `right` and `bottom` are included. The mask must not be empty. */
export function maskBounds({
  width,
  height,
  data,
}: Mask): [left: number, top: number, right: number, bottom: number] {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    const row = data.subarray(y * width, (y + 1) * width);
    const first = row.indexOf(1);
    if (first < 0) continue;
    left = Math.min(left, first);
    right = Math.max(right, row.lastIndexOf(1));
    top = Math.min(top, y);
    bottom = y;
  }
  return [left, top, right, bottom];
}
