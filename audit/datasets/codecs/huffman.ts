/** Huffman codes and the bits of a JPEG's scans. Reference: ITU-T T.81, annexes C and F.2.2. */
import { CodecError } from './raster.ts';

const CUT = 'is cut short: copy it again.';
const BROKEN = 'is broken: its compressed pixels make no sense.';
const CODES = 1 << 16;

/** The code of each 16 bits that may come next: its length · 256 + its symbol; 0 is no code. */
export type Table = Uint16Array;

/**
 * Reads the tables of a segment into the slots that it names: its class · 16 + its number.
 * @param most the largest symbol that makes sense
 */
export function readTables(body: Uint8Array, tables: (Table | undefined)[], most: number): void {
  for (let at = 0; at + 17 <= body.length;) {
    const table = new Uint16Array(CODES);
    let symbol = at + 17;
    let code = 0;
    for (let length = 1; length <= 16; length += 1) {
      for (let i = 0; i < body[at + length]; i += 1, symbol += 1) {
        const span = CODES >> length;
        if (symbol >= body.length || code + span > CODES || body[symbol] > most) {
          throw new CodecError(BROKEN);
        }
        table.fill((length << 8) | body[symbol], code, code + span);
        code += span;
      }
    }
    tables[body[at] & 31] = table;
    at = symbol;
  }
}

/** The bits of the entropy-coded pixels; a zero byte after 0xff is stuffing. */
export class Bits {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #count = 0;
  /** Bits that were made up beyond the end, to look ahead. */
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
    if (this.#count < this.#beyond) throw new CodecError(CUT);
  }

  /** The symbol that is coded next. */
  symbol(table: Table): number {
    if (this.#count < 16) this.#fill();
    const code = table[(this.#held >> (this.#count - 16)) & 0xffff];
    if (code === 0) throw new CodecError(BROKEN);
    this.#take(code >> 8);
    return code & 0xff;
  }

  /** The next `length` bits, 16 at most, as a number. */
  read(length: number): number {
    if (this.#count < length) this.#fill();
    const value = (this.#held >> (this.#count - length)) & ((1 << length) - 1);
    this.#take(length);
    return value;
  }

  /** A number of `size` bits, 15 at most, of which half are negative. T.81, F.2.2.1. */
  signed(size: number): number {
    if (size === 0) return 0;
    const value = this.read(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Goes on behind the next restart marker. */
  restart(): void {
    const bytes = this.#bytes;
    while (this.#at + 1 < bytes.length) {
      const marker = bytes[this.#at + 1];
      if (bytes[this.#at] === 0xff && marker >= 0xd0 && marker <= 0xd7) break;
      this.#at += 1;
    }
    if (this.#at + 1 >= bytes.length) throw new CodecError(CUT);
    this.#at += 2;
    this.#held = 0;
    this.#count = 0;
    this.#beyond = 0;
  }

  /** Where the marker behind the bits begins; the end where there is none. */
  end(): number {
    const bytes = this.#bytes;
    for (let at = Math.max(0, this.#at - 4); at + 1 < bytes.length; at += 1) {
      const marker = bytes[at + 1];
      const isStuffing = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7);
      if (bytes[at] === 0xff && !isStuffing) return at;
    }
    return bytes.length;
  }
}
