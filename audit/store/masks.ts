/**
 * The stored form of a mask.
 *
 * Canonical form, what the content hash is taken over:
 *   "overread-mask\n" (ASCII), width (uint32 LE), height (uint32 LE), then the pixels, one bit
 *   each, row-major without padding between rows, the first pixel in the highest bit of the first
 *   byte, the last byte filled with zero bits.
 * File (`labels/ab/abcd….mask`, named for the SHA-256 of the canonical form in lower-case hex):
 *   "overread-mask 1 <width> <height>\n" (ASCII; 1 is the version of the file format), then the
 *   packed pixels as a zlib stream (RFC 1950).
 */
import { createHash } from 'node:crypto';
import { deflate, inflateSync } from 'node:zlib';
import { promisify } from 'node:util';
import type { Mask } from '../imaging/types.ts';

const deflateAsync = promisify(deflate);
const maxHeader = 64;
const maxSide = 65_535;

/** A mask of one bit a pixel. */
export interface PackedMask {
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
  /** Pixels that are 1. */
  readonly area: number;
}

/** @throws Error where the mask breaks its contract: wrong length, or values other than 0 and 1. */
export function packMask(mask: Mask): PackedMask {
  const { width, height, data } = mask;
  const count = width * height;
  if (!(width > 0 && height > 0 && width <= maxSide && height <= maxSide)) {
    throw new Error(`a mask of ${width} × ${height} pixels cannot be stored`);
  }
  if (data.length !== count) {
    throw new Error(`a mask of ${width} × ${height} pixels has ${data.length} values`);
  }
  const bits = new Uint8Array((count + 7) >> 3);
  let area = 0;
  let seen = 0;
  const whole = count >> 3;
  for (let byte = 0, at = 0; byte < whole; byte++, at += 8) {
    const a = data[at];
    const b = data[at + 1];
    const c = data[at + 2];
    const d = data[at + 3];
    const e = data[at + 4];
    const f = data[at + 5];
    const g = data[at + 6];
    const h = data[at + 7];
    seen |= a | b | c | d | e | f | g | h;
    area += a + b + c + d + e + f + g + h;
    bits[byte] = (a << 7) | (b << 6) | (c << 5) | (d << 4) | (e << 3) | (f << 2) | (g << 1) | h;
  }
  for (let at = whole << 3; at < count; at++) {
    const value = data[at];
    seen |= value;
    area += value;
    bits[at >> 3] = bits[at >> 3] | (value << (7 - (at & 7)));
  }
  if (seen > 1) throw new Error('a mask holds values other than 0 and 1');
  return { width, height, bits, area };
}

/** The inverse of `packMask`. */
export function unpackMask(packed: PackedMask): Mask {
  const { width, height, bits } = packed;
  const count = width * height;
  const data = new Uint8Array(count);
  for (let byte = 0, at = 0; at < count; byte++, at += 8) {
    const value = bits[byte];
    if (value === 0) continue;
    const end = Math.min(8, count - at);
    for (let bit = 0; bit < end; bit++) data[at + bit] = (value >> (7 - bit)) & 1;
  }
  return { width, height, data };
}

/** Content hash: SHA-256 of the canonical form, lower-case hex. */
export function hashMask(packed: PackedMask): string {
  const size = Buffer.alloc(8);
  size.writeUInt32LE(packed.width, 0);
  size.writeUInt32LE(packed.height, 4);
  return createHash('sha256')
    .update('overread-mask\n')
    .update(size)
    .update(packed.bits)
    .digest('hex');
}

/** The bytes of the mask's file; deflated in the thread pool. */
export async function encodeMask(packed: PackedMask): Promise<Buffer> {
  const header = `overread-mask 1 ${packed.width} ${packed.height}\n`;
  const body = await deflateAsync(packed.bits, { level: 3 });
  return Buffer.concat([Buffer.from(header, 'latin1'), body]);
}

/** @throws Error saying what is wrong with the file; its content hash is not checked here. */
export function decodeMask(bytes: Buffer): PackedMask {
  const end = bytes.subarray(0, maxHeader).indexOf('\n');
  const header = end < 0 ? '' : bytes.subarray(0, end).toString('latin1');
  const match = /^overread-mask 1 (\d{1,5}) (\d{1,5})$/.exec(header);
  if (!match) throw new Error('it does not start as a mask file does');
  const width = Number(match[1]);
  const height = Number(match[2]);
  const length = (width * height + 7) >> 3;
  let bits: Buffer;
  try {
    bits = inflateSync(bytes.subarray(end + 1), { maxOutputLength: Math.max(1, length) });
  } catch {
    throw new Error('its compressed pixels are broken');
  }
  if (bits.length !== length || length === 0) throw new Error('it holds too few pixels');
  return { width, height, bits, area: countBits(bits) };
}

function countBits(bits: Uint8Array): number {
  let count = 0;
  for (const byte of bits) {
    let v = byte - ((byte >> 1) & 0x55);
    v = (v & 0x33) + ((v >> 2) & 0x33);
    count += (v + (v >> 4)) & 0x0f;
  }
  return count;
}
