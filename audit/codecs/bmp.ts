/**
 * Decodes BMP files of 1 to 32 bits per pixel, plain, with bit fields or with run lengths. No package is used:
 * fast-bmp reads only one of the headers, and bmp-ts turns palette indices into colours, which loses the classes
 * of a mask.
 * Reference: https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 */
import { CUT_SHORT, CodecError, checkBounds } from './raster.ts';
import type { Header, Raster } from './raster.ts';

/** Length in bytes of the longest header that is read: the file's own and the newest of the picture's. */
export const BMP_HEADER_BYTES = 14 + 124;
/** The sizes of the picture's headers, by version. */
const HEADERS = [12, 40, 52, 56, 64, 108, 124];
const CORE = 12;
const BROKEN = 'is a broken BMP file';

/** How the pixels are packed. */
const PLAIN = 0;
const RUNS_8 = 1;
const RUNS_4 = 2;
const BIT_FIELDS = [3, 6];

interface BmpHeader extends Header {
  readonly bitsAPixel: number;
  readonly compression: number;
  readonly isTopDown: boolean;
  /** Position of the first pixel. */
  readonly pixels: number;
  readonly palette: { readonly at: number; readonly count: number; readonly bytes: 3 | 4 } | null;
  /** The bits of red, green, blue and, if there is any, alpha. */
  readonly fields: readonly number[];
}

/** Whether the first bytes are those of a BMP file. */
export function isBmp(head: Uint8Array): boolean {
  if (head.length < 18 || head[0] !== 0x42 || head[1] !== 0x4d) return false;
  const size = Buffer.from(head.buffer, head.byteOffset, head.length).readUInt32LE(14);
  return HEADERS.includes(size);
}

/** The bits of the colours: those that the header states, else the usual ones. */
function fieldsOf(bytes: Buffer, size: number, bits: number, compression: number): number[] {
  if (bits === 16 && compression === PLAIN) return [0x7c00, 0x3e0, 0x1f];
  if (bits !== 16 && !(bits === 32 && BIT_FIELDS.includes(compression))) {
    return bits === 32 ? [0xff0000, 0xff00, 0xff] : [];
  }
  const count = size >= 56 || compression === 6 ? 4 : 3;
  if (bytes.length < 54 + 4 * count) throw new CodecError(CUT_SHORT);
  const fields = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(54 + 4 * i));
  return fields[3] === 0 ? fields.slice(0, 3) : fields;
}

/** @throws CodecError when the header is cut short, of an unknown kind, or the picture is too large. */
export function bmpHeader(bytes: Buffer): BmpHeader {
  if (bytes.length < 26) throw new CodecError(CUT_SHORT);
  const size = bytes.readUInt32LE(14);
  const isCore = size === CORE;
  if (!isCore && bytes.length < 54) throw new CodecError(CUT_SHORT);
  const width = isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const tall = isCore ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bitsAPixel = bytes.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore ? PLAIN : bytes.readUInt32LE(30);
  const isPacked =
    (compression === RUNS_8 && bitsAPixel === 8) || (compression === RUNS_4 && bitsAPixel === 4);
  const hasFields = BIT_FIELDS.includes(compression) && [16, 32].includes(bitsAPixel);
  if (
    ![1, 4, 8, 16, 24, 32].includes(bitsAPixel) ||
    !(compression === PLAIN || isPacked || hasFields)
  ) {
    throw new CodecError('is a BMP file of a kind that is not read: save it as PNG.');
  }
  checkBounds(width, Math.abs(tall));
  const fields = fieldsOf(bytes, size, bitsAPixel, compression);
  const stated = isCore ? 0 : bytes.readUInt32LE(46);
  const count = Math.min(stated === 0 ? 256 : stated, 2 ** Math.min(bitsAPixel, 8));
  const palette =
    bitsAPixel <= 8 ? { at: 14 + size, count, bytes: isCore ? (3 as const) : (4 as const) } : null;
  return {
    format: 'bmp',
    width,
    height: Math.abs(tall),
    bits: palette === null ? 8 : bitsAPixel,
    channels: palette === null ? Math.max(3, fields.length) : 1,
    bitsAPixel,
    compression,
    isTopDown: tall < 0,
    pixels: bytes.readUInt32LE(10),
    palette,
    fields,
  };
}

/** Red, green, blue per index. */
function paletteOf(bytes: Buffer, { palette }: BmpHeader): Uint8Array {
  const { at, count, bytes: step } = palette!;
  if (at + count * step > bytes.length) throw new CodecError(CUT_SHORT);
  const colours = new Uint8Array(count * 3);
  for (let i = 0; i < count; i += 1) {
    for (let c = 0; c < 3; c += 1) colours[3 * i + c] = bytes[at + i * step + 2 - c];
  }
  return colours;
}

/** Whether each of 256 indices is its own grey. */
const isGreys = (palette: Uint8Array): boolean =>
  palette.length === 768 && palette.every((value, i) => value === Math.floor(i / 3));

/** A function that takes a colour out of a pixel and scales it to 8 bits, rounded down as Pillow does. */
function takerOf(field: number): (pixel: number) => number {
  const shift = field === 0 ? 0 : 31 - Math.clz32(field & -field);
  const most = field >>> shift;
  return most === 0 ? () => 0 : (pixel) => Math.floor((((pixel & field) >>> shift) * 255) / most);
}

/** The samples of uncompressed pixels. Rows are filled up to four bytes. */
function plainSamples(bytes: Buffer, header: BmpHeader): Uint8Array {
  const { width, height, bitsAPixel, channels, fields, pixels } = header;
  const stride = Math.ceil((width * bitsAPixel) / 32) * 4;
  // The filling of the last row may be missing.
  const needed = stride * (height - 1) + Math.ceil((width * bitsAPixel) / 8);
  if (pixels + needed > bytes.length) throw new CodecError(CUT_SHORT);
  const data = new Uint8Array(width * height * channels);
  const takers = fields.map(takerOf);
  for (let row = 0; row < height; row += 1) {
    const line = pixels + row * stride;
    const to = (header.isTopDown ? row : height - 1 - row) * width * channels;
    for (let x = 0; x < width; x += 1) {
      if (bitsAPixel <= 8) {
        const bit = x * bitsAPixel;
        const shift = 8 - bitsAPixel - (bit & 7);
        data[to + x] = (bytes[line + (bit >> 3)] >> shift) & (2 ** bitsAPixel - 1);
        continue;
      }
      if (bitsAPixel === 24) {
        for (let c = 0; c < 3; c += 1) data[to + 3 * x + c] = bytes[line + 3 * x + 2 - c];
        continue;
      }
      const pixel =
        bitsAPixel === 16 ? bytes.readUInt16LE(line + 2 * x) : bytes.readUInt32LE(line + 4 * x);
      takers.forEach((take, c) => (data[to + channels * x + c] = take(pixel)));
    }
  }
  return data;
}

/** The indices of pixels with run lengths. Pixels that a file skips are 0. */
function unpackedRuns(bytes: Buffer, header: BmpHeader): Uint8Array {
  const { width, height, bitsAPixel } = header;
  const data = new Uint8Array(width * height);
  let [at, x, y] = [header.pixels, 0, 0];
  const put = (value: number) => {
    if (x < width && y < height) {
      data[(header.isTopDown ? y : height - 1 - y) * width + x] = value;
    }
    x += 1;
  };
  /** Half bytes are taken in turns, the higher first. */
  const half = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);
  while (y < height) {
    if (at + 2 > bytes.length) throw new CodecError(CUT_SHORT);
    const [count, value] = [bytes[at], bytes[at + 1]];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i += 1) put(bitsAPixel === 8 ? value : half(value, i));
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      if (at + 2 > bytes.length) throw new CodecError(CUT_SHORT);
      [x, y] = [x + bytes[at], y + bytes[at + 1]];
      at += 2;
    } else {
      const length = bitsAPixel === 8 ? value : Math.ceil(value / 2);
      if (at + length > bytes.length) throw new CodecError(CUT_SHORT);
      for (let i = 0; i < value; i += 1) {
        put(bitsAPixel === 8 ? bytes[at + i] : half(bytes[at + (i >> 1)], i));
      }
      at += length + (length % 2);
    }
  }
  return data;
}

/**
 * Decodes a BMP file: palette indices, or colours.
 * @throws CodecError when the file is cut short, broken, of an unknown kind or too large.
 */
export function decodeBmp(bytes: Buffer): Raster {
  const header = bmpHeader(bytes);
  if (header.pixels < 14) throw new CodecError(`${BROKEN}: its pixels lie in its header.`);
  const isPacked = header.compression === RUNS_8 || header.compression === RUNS_4;
  const data = isPacked ? unpackedRuns(bytes, header) : plainSamples(bytes, header);
  const { format, width, height, bits, channels } = header;
  const raster: Raster = { format, width, height, bits, channels, data };
  if (header.palette === null) return raster;
  const palette = paletteOf(bytes, header);
  return isGreys(palette) ? raster : { ...raster, palette };
}
