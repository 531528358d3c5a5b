/**
 * Decodes GIF files of one picture to palette indices, and encodes them. The package omggif reads the
 * blocks and writes files. The pixels are unpacked here, because omggif only returns colours, and two
 * indices may have the same colour.
 */
import { GifReader, GifWriter } from 'omggif';
import { CUT_SHORT, CodecError, checkBounds } from './raster.ts';
import type { Header, Raster } from './raster.ts';

/** Length of a GIF's header in bytes. */
export const GIF_HEADER_BYTES = 13;

/** @throws CodecError when the header is cut short or the picture is too large. */
export function gifHeader(bytes: Buffer): Header {
  if (bytes.length < GIF_HEADER_BYTES) throw new CodecError(CUT_SHORT);
  const width = bytes.readUInt16LE(6);
  const height = bytes.readUInt16LE(8);
  checkBounds(width, height);
  return { format: 'gif', width, height, bits: 8, channels: 1 };
}

/**
 * Unpacks `count` indices from the LZW sub-blocks at `at`. `found` is the number of unpacked indices; it
 * is smaller than `count` if the data end early or are broken.
 */
function unpack(bytes: Buffer, at: number, count: number): { indices: Uint8Array; found: number } {
  const indices = new Uint8Array(count);
  const minimum = bytes[at];
  const clear = 1 << minimum;
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const stack = new Uint8Array(4097);
  for (let i = 0; i < clear; i += 1) suffix[i] = i;
  let [position, left, bits, held, size, next, previous, first] = [at + 1, 0, 0, 0, 0, 0, -1, 0];
  const reset = () => {
    size = minimum + 1;
    next = clear + 2;
    previous = -1;
  };
  reset();
  let found = 0;
  while (found < count) {
    while (held < size) {
      if (left === 0) {
        left = bytes[position] ?? 0;
        position += 1;
        if (left === 0 || position + left > bytes.length) return { indices, found };
      }
      bits |= bytes[position] << held;
      position += 1;
      left -= 1;
      held += 8;
    }
    const code = bits & ((1 << size) - 1);
    bits >>>= size;
    held -= size;
    if (code === clear) {
      reset();
      continue;
    }
    if (code === clear + 1) break;
    if (code > next || (previous < 0 && code >= clear)) return { indices, found };
    let depth = 0;
    let walk = code;
    if (code === next) {
      stack[depth] = first;
      depth += 1;
      walk = previous;
    }
    while (walk >= clear) {
      stack[depth] = suffix[walk];
      depth += 1;
      walk = prefix[walk];
    }
    first = walk;
    stack[depth] = first;
    depth += 1;
    while (depth > 0 && found < count) {
      depth -= 1;
      indices[found] = stack[depth];
      found += 1;
    }
    if (previous >= 0 && next < 4096) {
      prefix[next] = previous;
      suffix[next] = first;
      next += 1;
      if (next === 1 << size && size < 12) size += 1;
    }
    previous = code;
  }
  return { indices, found };
}

/** The rows in the order in which an interlaced GIF stores them. */
function interlacedRows(height: number): number[] {
  const rows: number[] = [];
  for (const [start, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ]) {
    for (let row = start; row < height; row += step) rows.push(row);
  }
  return rows;
}

/**
 * Decodes a GIF to its palette indices.
 * @throws CodecError when the file is cut short, broken, an animation or too large.
 */
export function decodeGif(bytes: Buffer): Raster {
  const header = gifHeader(bytes);
  let reader: GifReader;
  try {
    reader = new GifReader(bytes);
  } catch {
    throw new CodecError('is a broken or cut GIF file: copy it again.');
  }
  const { width, height } = header;
  if (reader.numFrames() === 0) throw new CodecError(CUT_SHORT);
  if (reader.numFrames() > 1) {
    throw new CodecError('is an animation: only single pictures are read, save one as PNG.');
  }
  const frame = reader.frameInfo(0);
  if (frame.x + frame.width > width || frame.y + frame.height > height) {
    throw new CodecError('is a broken GIF file: its picture reaches beyond its canvas.');
  }
  const { indices, found } = unpack(bytes, frame.data_offset, frame.width * frame.height);
  if (found < indices.length) throw new CodecError(CUT_SHORT);
  const data = new Uint8Array(width * height);
  const order = frame.interlaced ? interlacedRows(frame.height) : null;
  for (let row = 0; row < frame.height; row += 1) {
    const y = frame.y + (order === null ? row : order[row]);
    const line = indices.subarray(row * frame.width, (row + 1) * frame.width);
    data.set(line, y * width + frame.x);
  }
  const at = frame.palette_offset;
  if (at === null || frame.palette_size === null) return { ...header, data };
  return {
    ...header,
    data,
    palette: new Uint8Array(bytes.subarray(at, at + frame.palette_size * 3)),
  };
}

/**
 * Encodes palette indices as a GIF.
 * @param palette red, green, blue per index; black is added until the number of colours is a power of two
 */
export function encodeGif(
  plane: { width: number; height: number; data: Uint8Array },
  palette: Uint8Array,
): Buffer {
  const { width, height, data } = plane;
  const colours: number[] = [];
  for (let i = 0; i + 2 < palette.length; i += 3) {
    colours.push((palette[i] << 16) | (palette[i + 1] << 8) | palette[i + 2]);
  }
  while (colours.length < 2 || (colours.length & (colours.length - 1)) !== 0) colours.push(0);
  // 1.6 bytes for an index are enough: LZW takes at most 1.5, and each 255 bytes have a length byte.
  const buffer = Buffer.alloc(Math.ceil(data.length * 1.6) + colours.length * 3 + 1024);
  const writer = new GifWriter(buffer, width, height, { palette: colours });
  writer.addFrame(0, 0, width, height, data as unknown as number[]);
  return buffer.subarray(0, writer.end());
}
