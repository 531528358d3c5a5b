/**
 * Decodes lossless JPEG in DICOM files: Huffman-coded, all seven predictors, 2 to 16 bits. No package is
 * used: the available one reads beyond the end of a file, and depends on a bundler, a compiled program.
 * Reference: ITU-T T.81, annexes B, F.2.2 and H.
 */
import { BROKEN_PIXELS, CUT_SHORT, CodecError } from './raster.ts';

/** The interleaved samples of a compressed picture. */
export interface FrameSamples {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly data: Uint8Array | Uint16Array;
}

const MARKER = {
  start: 0xd8,
  tables: 0xc4,
  lossless: 0xc3,
  jpegLs: 0xf7,
  restart: 0xdd,
  scan: 0xda,
};
const CODES = 1 << 16;

interface Segment {
  readonly marker: number;
  readonly body: Uint8Array;
  /** The position after the segment. */
  readonly end: number;
}

/** The marker segments before the entropy-coded pixels. The last one starts the scan. */
function* segments(bytes: Uint8Array): Generator<Segment> {
  if (bytes[0] !== 0xff || bytes[1] !== MARKER.start) throw new CodecError(BROKEN_PIXELS);
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    if (at + 4 > bytes.length) throw new CodecError(CUT_SHORT);
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    if (bytes[at] !== 0xff || length < 2) throw new CodecError(BROKEN_PIXELS);
    const end = at + 2 + length;
    if (end > bytes.length) throw new CodecError(CUT_SHORT);
    const marker = bytes[at + 1];
    yield { marker, body: bytes.subarray(at + 4, end), end };
    if (marker === MARKER.scan) return;
    at = end;
  }
}

interface Frame {
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

function frameOf(body: Uint8Array): Frame {
  if (body.length < 6) throw new CodecError(BROKEN_PIXELS);
  return {
    precision: body[0],
    height: (body[1] << 8) | body[2],
    width: (body[3] << 8) | body[4],
    components: body[5],
  };
}

/** The frame header of a lossless JPEG or a JPEG-LS. */
export function losslessFrame(bytes: Uint8Array): Frame {
  for (const { marker, body } of segments(bytes)) {
    if (marker === MARKER.lossless || marker === MARKER.jpegLs) return frameOf(body);
  }
  throw new CodecError(BROKEN_PIXELS);
}

/**
 * A Huffman table with one entry for each value of the next 16 bits. An entry is 256 × the length of the
 * code that these bits begin with, plus the code's symbol; 0 if they begin with no code.
 */
type Table = Uint16Array;

function readTables(body: Uint8Array, tables: (Table | undefined)[]): void {
  for (let at = 0; at + 17 <= body.length;) {
    const slot = body[at] & 15;
    const table = new Uint16Array(CODES);
    let symbol = at + 17;
    let code = 0;
    for (let length = 1; length <= 16; length += 1) {
      for (let i = 0; i < body[at + length]; i += 1, symbol += 1) {
        const span = CODES >> length;
        if (symbol >= body.length || code + span > CODES || body[symbol] > 16) {
          throw new CodecError(BROKEN_PIXELS);
        }
        table.fill((length << 8) | body[symbol], code, code + span);
        code += span;
      }
    }
    tables[slot] = table;
    at = symbol;
  }
}

/** Reads the bits of the entropy-coded pixels. A zero byte after 0xff is no data and is skipped. */
class Bits {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;
  /** Number of zero bits that were added after the end of the data. */
  #beyond = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 16) {
      let byte = 0;
      const isMarker = bytes[this.#at] === 0xff && bytes[this.#at + 1] !== 0;
      if (this.#at >= bytes.length || isMarker) {
        this.#beyond += 8;
      } else {
        byte = bytes[this.#at];
        this.#at += byte === 0xff ? 2 : 1;
      }
      this.#held = ((this.#held << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  #take(length: number): void {
    this.#count -= length;
    if (this.#count < this.#beyond) throw new CodecError(CUT_SHORT);
  }

  /** Decodes the next sample's difference from its prediction. See T.81, F.2.2.1 and H.1.2.2. */
  difference(table: Table): number {
    this.#fill();
    const code = table[(this.#held >> (this.#count - 16)) & 0xffff];
    if (code === 0) throw new CodecError(BROKEN_PIXELS);
    this.#take(code >> 8);
    const size = code & 0xff;
    if (size === 0) return 0;
    if (size === 16) return 32768;
    this.#fill();
    const value = (this.#held >> (this.#count - size)) & ((1 << size) - 1);
    this.#take(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Continues after the next restart marker. */
  restart(): void {
    const bytes = this.#bytes;
    while (this.#at + 1 < bytes.length) {
      const marker = bytes[this.#at + 1];
      if (bytes[this.#at] === 0xff && marker >= 0xd0 && marker <= 0xd7) break;
      this.#at += 1;
    }
    if (this.#at + 1 >= bytes.length) throw new CodecError(CUT_SHORT);
    this.#at += 2;
    this.#held = 0;
    this.#count = 0;
    this.#beyond = 0;
  }
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
        data[at] = guess + bits.difference(tables[c]);
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
    if (marker === MARKER.tables) readTables(body, tables);
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
