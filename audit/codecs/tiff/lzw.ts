/**
 * Unpacks TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, highest bit first. Each change to
 * longer codes comes one code earlier than in GIF.
 */
import { CodecError } from '../raster.ts';

const CLEAR = 256;
const END = 257;
const CODES = 4096;

/**
 * Unpacks at most `size` bytes; fewer if the file is cut short.
 * @throws CodecError when the codes make no sense.
 */
export function unpackLzw(bytes: Buffer, size: number): Buffer {
  // Early programs stored the lowest bit first. Their first code, 256, is a zero byte and an odd byte.
  if (bytes.length > 1 && bytes[0] === 0 && (bytes[1] & 1) === 1) {
    throw new CodecError('is a TIFF of an early kind of LZW, which is not read: save it as PNG.');
  }
  const out = Buffer.alloc(size);
  // By code: end and length of the run of bytes in `out` that the code stands for.
  const ends = new Uint32Array(CODES);
  const lengths = new Uint32Array(CODES);
  let [to, bits, held, at, width, next, previous] = [0, 0, 0, 0, 9, END + 1, -1];
  let lastLength = 0;
  while (to < size) {
    while (held < width && at < bytes.length) {
      bits = ((bits << 8) | bytes[at]) >>> 0;
      // At most 19 bits are held, so the lowest 24 bits are enough.
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
      // A code that is not in the table yet stands for the previous run and that run's first byte.
      const length = code === next ? lastLength + 1 : lengths[code];
      const from = code === next ? start - lastLength : ends[code] - length;
      for (let i = 0; i < length && to < size; i += 1, to += 1) out[to] = out[from + i];
    }
    if (previous >= 0 && next < CODES) {
      // The new code stands for the previous run and the first byte of this run, which follows it in `out`.
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
