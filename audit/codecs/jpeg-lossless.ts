/**
 * Decodes lossless JPEG in DICOM files: Huffman-coded, all seven predictors, 2 to 16 bits. No package is
 * used: the available one reads beyond the end of a file, and depends on a bundler, a compiled program.
 * Reference: ITU-T T.81, annex H.
 */
import { Bits, MARKER, frameOf, readTables, segments } from './jpeg-bits.ts';
import type { Frame, Table } from './jpeg-bits.ts';
import { BROKEN_PIXELS, CodecError } from './raster.ts';

/** The interleaved samples of a compressed picture. */
export interface FrameSamples {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly data: Uint8Array | Uint16Array;
}

/** The frame header of a lossless JPEG or a JPEG-LS. */
export function losslessFrame(bytes: Uint8Array): Frame {
  for (const { marker, body } of segments(bytes)) {
    if (marker === MARKER.lossless || marker === MARKER.jpegLs) return frameOf(body);
  }
  throw new CodecError(BROKEN_PIXELS);
}

/** Decodes the next sample's difference from its prediction. See T.81, H.1.2.2. */
function difference(bits: Bits, table: Table): number {
  const size = bits.symbol(table);
  if (size === 0) return 0;
  return size === 16 ? 32768 : bits.signed(size);
}

/** Predicts a sample from its neighbours left (a), above (b) and above left (c). See T.81, table H.1. */
function predicted(selection: number, a: number, b: number, c: number): number {
  switch (selection) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

interface Scan {
  readonly tables: readonly Table[];
  readonly selection: number;
  /** Number of low bits that are not stored (point transform). */
  readonly shift: number;
}

function scanOf(body: Uint8Array, frame: Frame, tables: readonly (Table | undefined)[]): Scan {
  const count = body[0];
  const after = 1 + count * 2;
  if (count !== frame.components || body.length < after + 3) {
    throw new CodecError('is a JPEG of separate planes, which is not read: save it uncompressed.');
  }
  const used = Array.from({ length: count }, (_, i) => tables[body[2 + i * 2] >> 4]);
  const selection = body[after];
  if (used.some((table) => table === undefined) || selection < 1 || selection > 7) {
    throw new CodecError(BROKEN_PIXELS);
  }
  return { tables: used as Table[], selection, shift: body[after + 2] & 15 };
}

function decodeScan(bits: Bits, frame: Frame, scan: Scan, interval: number): Uint16Array {
  const { width, height, components, precision } = frame;
  const { tables, selection, shift } = scan;
  const data = new Uint16Array(width * height * components);
  const stride = width * components;
  const middle = 1 << Math.max(0, precision - shift - 1);
  // The first row, or the row of the last restart: it is predicted without the row above.
  let firstRow = 0;
  let isStart = true;
  let left = interval;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (interval > 0 && left === 0) {
        bits.restart();
        left = interval;
        firstRow = y;
        isStart = true;
      }
      for (let c = 0; c < components; c += 1, at += 1) {
        let guess: number;
        if (isStart) guess = middle;
        else if (y === firstRow) guess = data[at - components];
        else if (x === 0) guess = data[at - stride];
        else {
          const above = at - stride;
          guess = predicted(
            selection,
            data[at - components],
            data[above],
            data[above - components],
          );
        }
        data[at] = guess + difference(bits, tables[c]);
      }
      isStart = false;
      left -= 1;
    }
  }
  if (shift > 0) for (let i = 0; i < data.length; i += 1) data[i] <<= shift;
  return data;
}

/**
 * Decodes a lossless JPEG. The caller has checked that its size is within bounds.
 * @throws CodecError when it is cut short, broken or another kind of JPEG.
 */
export function decodeLosslessJpeg(bytes: Uint8Array): FrameSamples {
  const tables: (Table | undefined)[] = [];
  let frame: Frame | null = null;
  let interval = 0;
  for (const { marker, body, end } of segments(bytes)) {
    if (marker === MARKER.tables) readTables(body, tables, (first) => first & 15, 16);
    else if (marker === MARKER.restart) interval = (body[0] << 8) | body[1];
    else if (marker === MARKER.lossless) frame = frameOf(body);
    else if (marker === MARKER.scan && frame !== null) {
      if (frame.precision < 2 || frame.precision > 16) throw new CodecError(BROKEN_PIXELS);
      const scan = scanOf(body, frame, tables);
      const data = decodeScan(new Bits(bytes, end), frame, scan, interval);
      const { width, height, components } = frame;
      return { width, height, components, data };
    }
  }
  throw new CodecError(BROKEN_PIXELS);
}
