/**
 * Decodes PNG of all bit depths and colour types, plain and interlaced, and encodes grey and palette PNG.
 * No package is used: Node's zlib inflates off the main thread, and can stop at the size that the header
 * states.
 * Reference: https://www.w3.org/TR/png-3/
 */
import { endianness } from 'node:os';
import { crc32, deflate, inflate } from 'node:zlib';
import { promisify } from 'node:util';
import { CUT_SHORT, CodecError, checkBounds } from './raster.ts';
import type { Header, Raster } from './raster.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const PALETTE_TYPE = 3;
/** By Adam7 pass: first column and step between columns, first row and step between rows. */
const ADAM7 = [
  [0, 8, 0, 8],
  [4, 8, 0, 8],
  [0, 4, 4, 8],
  [2, 4, 0, 4],
  [0, 2, 2, 4],
  [1, 2, 0, 2],
  [0, 1, 1, 2],
] as const;

const LITTLE_ENDIAN = endianness() === 'LE';

const inflateAsync = promisify(inflate);
const deflateAsync = promisify(deflate);

interface PngHeader extends Header {
  readonly colourType: number;
  readonly interlaced: boolean;
}

/** Length of a PNG's header in bytes. */
export const PNG_HEADER_BYTES = 33;

/** @throws CodecError when the header is broken or the picture is too large. */
export function pngHeader(bytes: Buffer): PngHeader {
  if (bytes.length < PNG_HEADER_BYTES) throw new CodecError(CUT_SHORT);
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') throw new CodecError('is a broken PNG file.');
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const bits = bytes[24];
  const colourType = bytes[25];
  const channels = CHANNELS[colourType];
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(bits)) {
    throw new CodecError('is a broken PNG file: its header names no known kind of pixel.');
  }
  checkBounds(width, height);
  return { format: 'png', width, height, bits, channels, colourType, interlaced: bytes[28] === 1 };
}

function chunks(bytes: Buffer): { data: Buffer[]; palette: Uint8Array | undefined } {
  const data: Buffer[] = [];
  let palette: Uint8Array | undefined;
  for (let at = SIGNATURE.length; ;) {
    if (at + 12 > bytes.length) throw new CodecError(CUT_SHORT);
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new CodecError(CUT_SHORT);
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end));
    else if (type === 'PLTE') palette = new Uint8Array(bytes.subarray(at + 8, end));
    else if (type === 'IEND') return { data, palette };
    at = end + 4;
  }
}

/** Undoes the row filters in place. Each row is a filter byte followed by `stride` bytes. */
function unfilter(raw: Buffer, start: number, stride: number, rows: number, step: number): void {
  for (let row = 0; row < rows; row += 1) {
    const line = start + row * (stride + 1) + 1;
    const above = line - stride - 1;
    const first = row === 0;
    switch (raw[line - 1]) {
      case 0:
        break;
      case 1:
        for (let i = step; i < stride; i += 1) raw[line + i] += raw[line + i - step];
        break;
      case 2:
        if (!first) for (let i = 0; i < stride; i += 1) raw[line + i] += raw[above + i];
        break;
      case 3:
        for (let i = 0; i < stride; i += 1) {
          const left = i < step ? 0 : raw[line + i - step];
          const up = first ? 0 : raw[above + i];
          raw[line + i] += (left + up) >> 1;
        }
        break;
      case 4:
        for (let i = 0; i < stride; i += 1) {
          const a = i < step ? 0 : raw[line + i - step];
          const b = first ? 0 : raw[above + i];
          const c = first || i < step ? 0 : raw[above + i - step];
          const pa = Math.abs(b - c);
          const pb = Math.abs(a - c);
          const pc = Math.abs(a + b - c - c);
          raw[line + i] += pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
        }
        break;
      default:
        throw new CodecError('is a broken PNG file: a row has an unknown filter.');
    }
  }
}

interface Pass {
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

function passes(header: PngHeader): Pass[] {
  const { width, height } = header;
  if (!header.interlaced) return [{ width, height, x: [0, 1], y: [0, 1] }];
  return ADAM7.map(([x, stepX, y, stepY]): Pass => {
    const across = Math.ceil((width - x) / stepX);
    const down = Math.ceil((height - y) / stepY);
    return { width: across, height: down, x: [x, stepX], y: [y, stepY] };
  }).filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Writes the samples of one pass to their places in the picture. */
function place(
  raw: Buffer,
  start: number,
  stride: number,
  header: PngHeader,
  pass: Pass,
  to: Uint8Array | Uint16Array,
): void {
  const { bits, channels, width } = header;
  for (let row = 0; row < pass.height; row += 1) {
    const line = start + row * (stride + 1) + 1;
    const out = (pass.y[0] + row * pass.y[1]) * width;
    if (bits >= 8 && pass.x[1] === 1) {
      const bytes = Buffer.from(to.buffer, out * channels * (bits >> 3), stride);
      bytes.set(raw.subarray(line, line + stride));
      if (bits === 16 && LITTLE_ENDIAN) bytes.swap16();
      continue;
    }
    for (let column = 0; column < pass.width; column += 1) {
      const pixel = (out + pass.x[0] + column * pass.x[1]) * channels;
      for (let c = 0; c < channels; c += 1) {
        const sample = column * channels + c;
        if (bits === 16) {
          const at = line + sample * 2;
          to[pixel + c] = (raw[at] << 8) | raw[at + 1];
        } else if (bits === 8) {
          to[pixel + c] = raw[line + sample];
        } else {
          const bit = sample * bits;
          to[pixel + c] = (raw[line + (bit >> 3)] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
        }
      }
    }
  }
}

/**
 * Decodes a PNG file.
 * @throws CodecError when the file is cut short, broken or too large.
 */
export async function decodePng(bytes: Buffer): Promise<Raster> {
  const header = pngHeader(bytes);
  const { data, palette } = chunks(bytes);
  if (data.length === 0) throw new CodecError('is a broken PNG file: it holds no pixels.');
  if (header.colourType === PALETTE_TYPE && palette === undefined) {
    throw new CodecError('is a broken PNG file: its palette is missing.');
  }
  const bitsAPixel = header.bits * header.channels;
  const parts = passes(header).map((pass) => ({
    pass,
    stride: Math.ceil((pass.width * bitsAPixel) / 8),
  }));
  const size = parts.reduce((sum, { pass, stride }) => sum + (stride + 1) * pass.height, 0);
  const raw = await inflateAsync(data.length === 1 ? data[0] : Buffer.concat(data), {
    chunkSize: Math.max(64, size + 1),
    maxOutputLength: size + 1,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'Z_BUF_ERROR') throw new CodecError(CUT_SHORT);
    throw new CodecError(`is a broken PNG file: its pixels do not unpack (${error.message}).`);
  });
  if (raw.length < size) throw new CodecError(CUT_SHORT);
  const samples = header.width * header.height * header.channels;
  const pixels = header.bits === 16 ? new Uint16Array(samples) : new Uint8Array(samples);
  let start = 0;
  for (const { pass, stride } of parts) {
    unfilter(raw, start, stride, pass.height, Math.max(1, bitsAPixel >> 3));
    place(raw, start, stride, header, pass, pixels);
    start += (stride + 1) * pass.height;
  }
  const { format, width, height, bits, channels } = header;
  const raster: Raster = { format, width, height, bits, channels, data: pixels };
  return header.colourType === PALETTE_TYPE ? { ...raster, palette } : raster;
}

function chunk(type: string, body: Uint8Array): Buffer {
  const buffer = Buffer.alloc(12 + body.length);
  buffer.writeUInt32BE(body.length, 0);
  buffer.write(type, 4, 'latin1');
  buffer.set(body, 8);
  buffer.writeUInt32BE(crc32(buffer.subarray(4, 8 + body.length)), 8 + body.length);
  return buffer;
}

/** A plane of samples to write: grey, or palette indices of at most 8 bits. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly bits: 1 | 2 | 4 | 8 | 16;
  readonly data: Uint8Array | Uint16Array;
  /** Red, green, blue (0 … 255) per index, or missing if the plane is grey. */
  readonly palette?: Uint8Array;
}

/** The rows of a plane, each after its filter byte: “up” for 8 and 16 bits, no filter for fewer bits. */
function filtered(plane: Plane): Buffer {
  const { width, height, bits, data } = plane;
  const stride = Math.ceil((width * bits) / 8);
  const raw = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y += 1) {
    const line = y * (stride + 1);
    if (bits >= 8) raw[line] = 2;
    for (let x = 0; x < width; x += 1) {
      const value = data[y * width + x];
      if (bits < 8) {
        raw[line + 1 + ((x * bits) >> 3)] |= value << (8 - bits - ((x * bits) & 7));
        continue;
      }
      const above = y === 0 ? 0 : data[(y - 1) * width + x];
      if (bits === 8) {
        raw[line + 1 + x] = value - above;
      } else {
        raw[line + 1 + 2 * x] = (value >> 8) - (above >> 8);
        raw[line + 2 + 2 * x] = (value & 255) - (above & 255);
      }
    }
  }
  return raw;
}

/** Encodes a PNG of one channel. */
export async function encodePng(plane: Plane): Promise<Buffer> {
  const { width, height, bits, palette } = plane;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  header[9] = palette === undefined ? 0 : PALETTE_TYPE;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', palette)]),
    chunk('IDAT', await deflateAsync(filtered(plane))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}
