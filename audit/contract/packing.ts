/** Packs masks for requests and responses: one byte per pixel, one bit per pixel, or run lengths. */
import type { MaskPacking } from './api.ts';
import { decodeRuns, encodeRuns } from './runs.ts';

function packBits(mask: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(mask.length / 8));
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] !== 0) bytes[i >> 3] |= 1 << (i & 7);
  }
  return bytes;
}

/** @param mask one byte per pixel, 0 or 1 */
export function packMask(mask: Uint8Array, packing: MaskPacking): Uint8Array {
  switch (packing) {
    case 'raw':
      return mask;
    case 'bits':
      return packBits(mask);
    case 'runs':
      return encodeRuns(mask);
  }
}

function unpackBits(bytes: Uint8Array, pixels: number): Uint8Array | null {
  if (bytes.length !== Math.ceil(pixels / 8)) return null;
  const mask = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i += 1) mask[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return mask;
}

function unpackRuns(bytes: Uint8Array, pixels: number): Uint8Array | null {
  try {
    return decodeRuns(bytes, pixels);
  } catch {
    return null;
  }
}

/** @returns one byte per pixel, 0 or 1, or null if the bytes do not hold exactly `pixels` pixels */
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
