/**
 * Run lengths as Label Studio keeps brushes: a stream of bits over the samples red, green, blue, alpha
 * of every pixel, row by row. It begins with the number of samples (32 bits), their size less one (5)
 * and four sizes of run lengths less one (4 each); then, run by run, whether one value is repeated (1),
 * which of the sizes its length has (2), the length less one, and the value, or as many values.
 * Source: `brush.py` of label-studio-converter (HumanSignal; Apache License 2.0), after the rle-pack of
 * thi.ng/umbrella (K. Schmidt; Apache License 2.0).
 */
import type { Mask } from './types.ts';

/** A brush that is not of the size it is said to be of, or broken. The message goes on where a name ends. */
export class WrongBrush extends Error {}

const CHANNELS = 4;
/** Bits of a run's length, as label-studio-converter chooses them. */
const LENGTH_BITS = [3, 4, 8, 16] as const;
const SAMPLE_BITS = 8;

class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(bits: number): number {
    if (this.#at + bits > this.#bytes.length * 8)
      throw new WrongBrush('has a brush that is cut off');
    let value = 0;
    for (let left = bits; left > 0;) {
      const offset = this.#at & 7;
      const take = Math.min(left, 8 - offset);
      const part = (this.#bytes[this.#at >> 3] >> (8 - offset - take)) & ((1 << take) - 1);
      value = value * 2 ** take + part;
      this.#at += take;
      left -= take;
    }
    return value;
  }
}

/**
 * Draws a brush into a mask, wherever it is not wholly transparent; what is drawn there already stays.
 * @throws WrongBrush when it is not of the mask's size, or broken.
 */
export function paintBrush(bytes: Uint8Array, { data }: Mask): void {
  const input = new BitReader(bytes);
  const samples = input.read(32);
  if (samples !== data.length * CHANNELS) {
    throw new WrongBrush(
      `has a brush of ${samples / CHANNELS} pixels, where its size makes ${data.length}`,
    );
  }
  const sampleBits = input.read(5) + 1;
  const lengthBits = [input.read(4) + 1, input.read(4) + 1, input.read(4) + 1, input.read(4) + 1];
  for (let i = 0; i < samples;) {
    const isRepeated = input.read(1) === 1;
    const end = Math.min(samples, i + 1 + input.read(lengthBits[input.read(2)]));
    if (isRepeated) {
      // The alpha of a pixel is the last of its four samples: those in the run count.
      if (input.read(sampleBits) !== 0) data.fill(1, i >> 2, end >> 2);
      i = end;
    } else {
      for (; i < end; i += 1) if (input.read(sampleBits) !== 0 && (i & 3) === 3) data[i >> 2] = 1;
    }
  }
}

class BitWriter {
  readonly #bytes: number[] = [];
  #byte = 0;
  #held = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit -= 1) {
      this.#byte = (this.#byte << 1) | (Math.floor(value / 2 ** bit) & 1);
      this.#held += 1;
      if (this.#held < 8) continue;
      this.#bytes.push(this.#byte);
      this.#byte = 0;
      this.#held = 0;
    }
  }

  /** Filled up with zeros: by a whole byte, too, where there is nothing to fill. */
  finish(): number[] {
    this.#bytes.push(this.#byte << (8 - this.#held));
    return this.#bytes;
  }
}

/** The brush of a mask, byte by byte as `mask2rle` of label-studio-converter gives it for 0 and 255. */
export function brushOf({ data }: Mask): number[] {
  const out = new BitWriter();
  out.write(data.length * CHANNELS, 32);
  out.write(SAMPLE_BITS - 1, 5);
  for (const bits of LENGTH_BITS) out.write(bits - 1, 4);
  for (let from = 0; from < data.length;) {
    let to = from + 1;
    while (to < data.length && data[to] === data[from]) to += 1;
    let left = (to - from) * CHANNELS;
    // What is left of a run that is too long for one keeps the size of its length.
    const fitting = LENGTH_BITS.findIndex((bits) => left <= 2 ** bits);
    const size = fitting < 0 ? LENGTH_BITS.length - 1 : fitting;
    while (left > 0) {
      const length = Math.min(left, 2 ** LENGTH_BITS[size]);
      out.write(1, 1);
      out.write(size, 2);
      out.write(length - 1, LENGTH_BITS[size]);
      out.write(data[from] * 255, SAMPLE_BITS);
      left -= length;
    }
    from = to;
  }
  return out.finish();
}
