/**
 * What the kinds of JPEG that are decoded here share: segments, Huffman tables and the bits of the
 * entropy-coded pixels. Reference: ITU-T T.81, annexes B and F.2.2.
 */
import { BROKEN_PIXELS, CUT_SHORT, CodecError } from './raster.ts';

export const MARKER = {
  start: 0xd8,
  tables: 0xc4,
  lossless: 0xc3,
  jpegLs: 0xf7,
  extended: 0xc1,
  quantization: 0xdb,
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
export function* segments(bytes: Uint8Array): Generator<Segment> {
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

export interface Frame {
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

export function frameOf(body: Uint8Array): Frame {
  if (body.length < 6) throw new CodecError(BROKEN_PIXELS);
  return {
    precision: body[0],
    height: (body[1] << 8) | body[2],
    width: (body[3] << 8) | body[4],
    components: body[5],
  };
}

/**
 * A Huffman table with one entry for each value of the next 16 bits. An entry is 256 × the length of the
 * code that these bits begin with, plus the code's symbol; 0 if they begin with no code.
 */
export type Table = Uint16Array;

/**
 * Reads the tables of a segment into `tables`.
 * @param slotOf the place of a table by its first byte: class and number
 * @param most the largest symbol that a table may hold
 */
export function readTables(
  body: Uint8Array,
  tables: (Table | undefined)[],
  slotOf: (first: number) => number,
  most: number,
): void {
  for (let at = 0; at + 17 <= body.length;) {
    const slot = slotOf(body[at]);
    const table = new Uint16Array(CODES);
    let symbol = at + 17;
    let code = 0;
    for (let length = 1; length <= 16; length += 1) {
      for (let i = 0; i < body[at + length]; i += 1, symbol += 1) {
        const span = CODES >> length;
        if (symbol >= body.length || code + span > CODES || body[symbol] > most) {
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
export class Bits {
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

  /** Decodes the next symbol. */
  symbol(table: Table): number {
    this.#fill();
    const code = table[(this.#held >> (this.#count - 16)) & 0xffff];
    if (code === 0) throw new CodecError(BROKEN_PIXELS);
    this.#take(code >> 8);
    return code & 0xff;
  }

  /** Decodes the number that follows its size, 1 to 15 bits. See T.81, F.2.2.1. */
  signed(size: number): number {
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
