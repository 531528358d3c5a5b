/**
 * Reads and writes the run lengths of Label Studio's brushes: a stream of bits that codes the samples
 * (red, green, blue, alpha) of every pixel, row by row. The head has the number of samples (32 bits), the
 * bits of a sample minus one (5 bits), and four sizes in bits, each minus one (4 bits each). A run has a
 * flag (1 bit; 1 if one value is repeated), the index of one of the four sizes (2 bits), the run's length
 * minus one in as many bits as that size says, and then the repeated value or all values. Source:
 * `brush.py` of label-studio-converter (HumanSignal; Apache License 2.0), after the rle-pack of
 * thi.ng/umbrella (K. Schmidt; Apache License 2.0).
 */
import type { Mask } from './types.ts';

/**
 * The brush is broken or has the wrong size. The message is the end of a sentence that starts with the
 * name of a file or task.
 */
export class WrongBrush extends Error {}

const CHANNELS = 4;
/** The four sizes of the head, in bits, as in label-studio-converter. */
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
 * Adds the brush's pixels to a mask, except those that are fully transparent.
 * @throws WrongBrush if the brush has another size than the mask, or is broken
 */
export function paintBrush(bytes: Uint8Array, { data }: Mask): void {
  const input = new BitReader(bytes);
  const samples = input.read(32);
  if (samples !== data.length * CHANNELS) {
    throw new WrongBrush(
      `has a brush of ${samples / CHANNELS} pixels, but its size is ${data.length} pixels`,
    );
  }
  const sampleBits = input.read(5) + 1;
  const lengthBits = [input.read(4) + 1, input.read(4) + 1, input.read(4) + 1, input.read(4) + 1];
  for (let i = 0; i < samples;) {
    const isRepeated = input.read(1) === 1;
    const end = Math.min(samples, i + 1 + input.read(lengthBits[input.read(2)]));
    if (isRepeated) {
      // Alpha is the last of a pixel's four samples: a pixel is drawn if its alpha lies in the run and is
      // not 0.
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

  /** Fills the last byte with zero bits. If that byte is already full, a zero byte follows it. */
  finish(): number[] {
    this.#bytes.push(this.#byte << (8 - this.#held));
    return this.#bytes;
  }
}

/**
 * Turns a mask into a brush: the bytes that label-studio-converter's `mask2rle` gives for a mask of 0 and
 * 255.
 */
export function brushOf({ data }: Mask): number[] {
  const out = new BitWriter();
  out.write(data.length * CHANNELS, 32);
  out.write(SAMPLE_BITS - 1, 5);
  for (const bits of LENGTH_BITS) out.write(bits - 1, 4);
  for (let from = 0; from < data.length;) {
    let to = from + 1;
    while (to < data.length && data[to] === data[from]) to += 1;
    let left = (to - from) * CHANNELS;
    // Splits a run that is too long; all its parts use the same size of length.
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
