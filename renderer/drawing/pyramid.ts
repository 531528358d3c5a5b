/**
 * Smaller versions of masks and images, each half the size of the one before, so that an image shown small
 * neither flickers nor takes the time of its full size. Pixel (x, y) of level n is the mean of up to four
 * pixels of level n − 1: those in columns 2x and 2x + 1 and rows 2y and 2y + 1. Level 0 is the full size.
 */
import { wholeOf } from './rect.ts';
import type { Rect } from './types.ts';

/** Number of smaller versions. */
export const LEVELS = 6;

export const sizeAt = (length: number, level: number): number => Math.ceil(length / 2 ** level);

/** The pixels of the next smaller level that a rectangle of this level touches. */
export function halved({ x, y, width, height }: Rect): Rect {
  const left = x >> 1;
  const top = y >> 1;
  return {
    x: left,
    y: top,
    width: ((x + width + 1) >> 1) - left,
    height: ((y + height + 1) >> 1) - top,
  };
}

/**
 * Levels 1 … LEVELS of a mask. A value is the share of drawn pixels in a block of the mask, in 255ths: 0
 * only if no pixel of the block is drawn, 255 only if all are.
 */
export function maskPyramid(mask: Uint8Array, width: number, height: number): Uint8Array[] {
  const levels = Array.from(
    { length: LEVELS },
    (_, n) => new Uint8Array(sizeAt(width, n + 1) * sizeAt(height, n + 1)),
  );
  updateMaskPyramid(levels, mask, width, height, wholeOf(width, height));
  return levels;
}

/** Brings the levels up to date where `rect` of the mask was changed. */
export function updateMaskPyramid(
  levels: readonly Uint8Array[],
  mask: Uint8Array,
  width: number,
  height: number,
  rect: Rect,
): void {
  let part = rect;
  let source = mask;
  let full = 1;
  for (let n = 1; n <= levels.length; n += 1) {
    part = halved(part);
    const target = levels[n - 1];
    shareDown(source, sizeAt(width, n - 1), sizeAt(height, n - 1), full, target, part);
    source = target;
    full = 255;
  }
}

function shareDown(
  source: Uint8Array,
  width: number,
  height: number,
  full: number,
  target: Uint8Array,
  part: Rect,
): void {
  const across = (width + 1) >> 1;
  const scale = 255 / (4 * full);
  const most = 4 * full;
  for (let y = part.y; y < part.y + part.height; y += 1) {
    const upper = 2 * y * width;
    // If height or width is odd, the last row or column is counted twice.
    const lower = 2 * y + 1 < height ? upper + width : upper;
    for (let x = part.x; x < part.x + part.width; x += 1) {
      const left = 2 * x;
      const right = left + 1 < width ? left + 1 : left;
      const sum =
        source[upper + left] + source[upper + right] + source[lower + left] + source[lower + right];
      target[y * across + x] =
        sum === 0 ? 0 : sum === most ? 255 : Math.min(254, Math.max(1, (sum * scale + 0.5) | 0));
    }
  }
}

/** Levels 1 … LEVELS of an image: means of its samples, rounded. */
export function imagePyramid<Samples extends Uint8Array | Uint16Array>(
  samples: Samples,
  width: number,
  height: number,
): Samples[] {
  const levels: Samples[] = [];
  let source: Uint8Array | Uint16Array = samples;
  for (let n = 1; n <= LEVELS; n += 1) {
    const [wide, high] = [sizeAt(width, n - 1), sizeAt(height, n - 1)];
    const pixels = sizeAt(width, n) * sizeAt(height, n);
    const target = samples instanceof Uint8Array ? new Uint8Array(pixels) : new Uint16Array(pixels);
    meanDown(source, wide, high, target);
    levels.push(target as Samples);
    source = target;
  }
  return levels;
}

function meanDown(
  source: Uint8Array | Uint16Array,
  width: number,
  height: number,
  target: Uint8Array | Uint16Array,
): void {
  const across = (width + 1) >> 1;
  const pairs = width >> 1;
  for (let y = 0, i = 0; y < (height + 1) >> 1; y += 1) {
    let upper = 2 * y * width;
    let lower = 2 * y + 1 < height ? upper + width : upper;
    for (let x = 0; x < pairs; x += 1, upper += 2, lower += 2, i += 1) {
      target[i] = (source[upper] + source[upper + 1] + source[lower] + source[lower + 1] + 2) >> 2;
    }
    if (across > pairs) target[i++] = (source[upper] + source[lower] + 1) >> 1;
  }
}
