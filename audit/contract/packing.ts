/**
 * How a mask crosses the boundary: a byte a pixel, a bit a pixel, or run lengths. Pure, the same
 * functions on both sides.
 */
import type { MaskPacking } from './api.ts';

function packBits(mask: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] !== 0) bytes[i >> 3] |= 1 << (i & 7);
  }
  return bytes;
}

/**
 * Lengths of runs, outside and inside in turn, beginning outside (0 when the first pixel is
 * inside), each an unsigned LEB128: the coding of strokes, too.
 */
export function packRuns(mask: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let inside = 0;
  let start = 0;
  const put = (length: number): void => {
    let rest = length;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
  };
  for (let i = 0; i < mask.length; i += 1) {
    const value = mask[i] !== 0 ? 1 : 0;
    if (value === inside) continue;
    put(i - start);
    start = i;
    inside = value;
  }
  put(mask.length - start);
  return Uint8Array.from(bytes);
}

/** `mask`: a byte a pixel, 0 outside. */
export function packMask(mask: Uint8Array, packing: MaskPacking): Uint8Array {
  switch (packing) {
    case 'raw':
      return mask;
    case 'bits':
      return packBits(mask);
    case 'runs':
      return packRuns(mask);
  }
}

function unpackBits(bytes: Uint8Array, pixels: number): Uint8Array | null {
  if (bytes.length !== Math.ceil(pixels / 8)) return null;
  const mask = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i += 1) mask[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return mask;
}

/** The pixels of runs, or null where they do not fill exactly `pixels`. */
export function unpackRuns(bytes: Uint8Array, pixels: number): Uint8Array | null {
  const mask = new Uint8Array(pixels);
  let at = 0;
  let length = 0;
  let shift = 0;
  let inside = false;
  for (const byte of bytes) {
    if (shift > 28) return null;
    length += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte & 0x80) continue;
    if (length > pixels - at) return null;
    if (inside) mask.fill(1, at, at + length);
    at += length;
    inside = !inside;
    length = 0;
    shift = 0;
  }
  return at === pixels && shift === 0 ? mask : null;
}

/** The mask of `pixels` pixels (0 or 1 each), or null when the bytes are not one of that size. */
export function unpackMask(
  bytes: Uint8Array,
  pixels: number,
  packing: MaskPacking,
): Uint8Array | null {
  switch (packing) {
    case 'raw':
      if (bytes.length !== pixels || bytes.some((value) => value > 1)) return null;
      return bytes;
    case 'bits':
      return unpackBits(bytes, pixels);
    case 'runs':
      return unpackRuns(bytes, pixels);
  }
}
