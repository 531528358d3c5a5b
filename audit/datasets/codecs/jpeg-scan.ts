/** One scan of a JPEG: the coefficients of its blocks, all at once or in refinements. T.81, F.2 and G.2. */
import type { Bits, Table } from './huffman.ts';
import { CodecError } from './raster.ts';

const BROKEN = 'is broken: its compressed pixels make no sense.';

/** Where the coefficients of a block, which come from low to high, lie in its rows. */
export const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48],
  ...[41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23],
  ...[30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

/** Which part of the coefficients a scan holds. */
export interface Part {
  readonly first: number;
  readonly last: number;
  /** Bits that earlier scans gave; 0 where there was none. */
  readonly high: number;
  /** Bits that later scans will give. */
  readonly low: number;
}

/** A component's tables and the last of its lowest coefficients. */
export interface Coded {
  readonly dc: Table | undefined;
  readonly ac: Table | undefined;
  before: number;
}

function known(table: Table | undefined): Table {
  if (table === undefined) throw new CodecError(BROKEN);
  return table;
}

export class ScanDecoder {
  readonly bits: Bits;
  readonly #part: Part;
  readonly #isProgressive: boolean;
  /** Blocks left of which nothing more comes. */
  #empty = 0;

  constructor(bits: Bits, part: Part, isProgressive: boolean) {
    const { first, last, high, low } = part;
    const isWhole = first === 0 && last === 63 && high === 0 && low === 0;
    const isPart = last < 64 && low < 14 && (first === 0 ? last === 0 : last >= first);
    if (isProgressive ? !isPart || (high !== 0 && high !== low + 1) : !isWhole) {
      throw new CodecError(BROKEN);
    }
    this.bits = bits;
    this.#part = part;
    this.#isProgressive = isProgressive;
  }

  restart(): void {
    this.bits.restart();
    this.#empty = 0;
  }

  /** Adds what the scan holds of a block to its coefficients, 64 from `at` on. */
  block(into: Int16Array, at: number, coded: Coded): void {
    const { first, high, low } = this.#part;
    if (!this.#isProgressive) {
      this.#lowest(into, at, coded, 0);
      this.#all(into, at, known(coded.ac));
    } else if (first > 0) {
      if (high === 0) this.#some(into, at, known(coded.ac));
      else this.#refine(into, at, known(coded.ac));
    } else if (high === 0) this.#lowest(into, at, coded, low);
    else if (this.bits.read(1) === 1) into[at] |= 1 << low;
  }

  #lowest(into: Int16Array, at: number, coded: Coded, low: number): void {
    const size = this.bits.symbol(known(coded.dc));
    if (size > 15) throw new CodecError(BROKEN);
    coded.before += this.bits.signed(size);
    into[at] = coded.before << low;
  }

  #all(into: Int16Array, at: number, table: Table): void {
    for (let k = 1; k < 64; k += 1) {
      const symbol = this.bits.symbol(table);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size === 0) {
        if (zeros < 15) return;
        k += 15;
        continue;
      }
      k += zeros;
      if (k > 63) throw new CodecError(BROKEN);
      into[at + ZIGZAG[k]] = this.bits.signed(size);
    }
  }

  #some(into: Int16Array, at: number, table: Table): void {
    if (this.#empty > 0) {
      this.#empty -= 1;
      return;
    }
    const { first, last, low } = this.#part;
    for (let k = first; k <= last; k += 1) {
      const symbol = this.bits.symbol(table);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size === 0) {
        if (zeros < 15) {
          this.#empty = (1 << zeros) - 1 + this.bits.read(zeros);
          return;
        }
        k += 15;
        continue;
      }
      k += zeros;
      if (k > last) throw new CodecError(BROKEN);
      into[at + ZIGZAG[k]] = this.bits.signed(size) << low;
    }
  }

  /** One more bit of a coefficient that is not zero. */
  #more(into: Int16Array, at: number): void {
    const bit = 1 << this.#part.low;
    if (this.bits.read(1) === 0 || (into[at] & bit) !== 0) return;
    into[at] += into[at] > 0 ? bit : -bit;
  }

  #refine(into: Int16Array, at: number, table: Table): void {
    const { first, last, low } = this.#part;
    let k = first;
    for (; k <= last && this.#empty === 0; k += 1) {
      const symbol = this.bits.symbol(table);
      const size = symbol & 15;
      let zeros = symbol >> 4;
      let value = 0;
      if (size > 1) throw new CodecError(BROKEN);
      if (size === 1) value = this.bits.read(1) === 1 ? 1 << low : -(1 << low);
      else if (zeros < 15) {
        this.#empty = (1 << zeros) + this.bits.read(zeros);
        break;
      }
      for (; k <= last; k += 1) {
        const place = at + ZIGZAG[k];
        if (into[place] !== 0) this.#more(into, place);
        else if (zeros === 0) {
          into[place] = value;
          break;
        } else zeros -= 1;
      }
    }
    if (this.#empty === 0) return;
    for (; k <= last; k += 1) {
      if (into[at + ZIGZAG[k]] !== 0) this.#more(into, at + ZIGZAG[k]);
    }
    this.#empty -= 1;
  }
}
