/**
 * LZW as TIFF 6.0 has it, section 13: codes from the highest bit, 9 to 12 bits wide, each width
 * given up one code early. Stops at the size that is expected.
 */
import { CodecError } from '../raster.ts';

const CLEAR = 256;
const END = 257;
const CODES = 4096;

/** @throws CodecError when the codes make no sense; too few bytes come out of a file cut short. */
export function unpackLzw(bytes: Buffer, size: number): Buffer {
  // The packers of the 1980s began with the lowest bit: a clear code is then 0, 1.
  if (bytes.length > 1 && bytes[0] === 0 && (bytes[1] & 1) === 1) {
    throw new CodecError('is a TIFF of an early kind of LZW, which is not read: save it as PNG.');
  }
  const out = Buffer.alloc(size);
  // An entry is a run of what was written before: where it ends and how long it is.
  const ends = new Uint32Array(CODES);
  const lengths = new Uint32Array(CODES);
  let [to, bits, held, at, width, next, previous] = [0, 0, 0, 0, 9, END + 1, -1];
  let lastLength = 0;
  while (to < size) {
    while (held < width && at < bytes.length) {
      bits = ((bits << 8) | bytes[at]) >>> 0;
      // Only the lowest 24 bits are ever needed.
      bits &= 0xffffff;
      held += 8;
      at += 1;
    }
    if (held < width) break;
    const code = (bits >>> (held - width)) & ((1 << width) - 1);
    held -= width;
    if (code === END) break;
    if (code === CLEAR) {
      [width, next, previous] = [9, END + 1, -1];
      continue;
    }
    const start = to;
    if (code < CLEAR) {
      out[to] = code;
      to += 1;
    } else {
      if (previous < 0 || code > next || code >= CODES) {
        throw new CodecError('is a broken TIFF file: its pixels do not unpack.');
      }
      // The code that is just being made: what came last, and its first byte again.
      const length = code === next ? lastLength + 1 : lengths[code];
      const from = code === next ? start - lastLength : ends[code] - length;
      for (let i = 0; i < length && to < size; i += 1, to += 1) out[to] = out[from + i];
    }
    if (previous >= 0 && next < CODES) {
      // The run before this one, and the first byte of this one right behind it.
      ends[next] = start + 1;
      lengths[next] = lastLength + 1;
      next += 1;
    }
    if (next >= (1 << width) - 1 && width < 12) width += 1;
    lastLength = to - start;
    previous = code;
  }
  return out.subarray(0, to);
}
