/** The bits of a JPEG-LS scan. After a byte of ones comes one of seven bits. Reference: T.87, A.1. */
import { CodecError } from './raster.ts';

export class JpegLsBits {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Bits that are next, from the highest on. */
  #held = 0;
  #count = 0;
  /** Bits that were made up beyond the end, to look ahead. */
  #beyond = 0;
  #isAfterOnes = false;

  /** @param bytes of the scan alone */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  #fill(): void {
    while (this.#count <= 24) {
      const isThere = this.#at < this.#bytes.length;
      const byte = isThere ? this.#bytes[this.#at] : 0;
      const length = this.#isAfterOnes ? 7 : 8;
      if (isThere) this.#at += 1;
      else this.#beyond += length;
      this.#isAfterOnes = byte === 0xff;
      this.#held |= byte << (32 - this.#count - length);
      this.#count += length;
    }
  }

  #drop(length: number): void {
    this.#held = length < 32 ? this.#held << length : 0;
    this.#count -= length;
    if (this.#count < this.#beyond) throw new CodecError('is cut short: copy it again.');
  }

  /** The next `length` bits, 24 at most, as a number. */
  read(length: number): number {
    if (length === 0) return 0;
    if (this.#count < length) this.#fill();
    const value = this.#held >>> (32 - length);
    this.#drop(length);
    return value;
  }

  /** How many zeros come before the next one, which is taken, too; `most` or more are an error. */
  zeros(most: number): number {
    let zeros = 0;
    for (;;) {
      if (this.#held === 0) this.#fill();
      const next = Math.min(Math.clz32(this.#held), this.#count);
      zeros += next;
      if (zeros > most) {
        throw new CodecError('is broken: its compressed pixels make no sense.');
      }
      if (next < this.#count) {
        this.#drop(next + 1);
        return zeros;
      }
      this.#drop(next);
    }
  }
}
