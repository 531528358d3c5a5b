/** What a JPEG-LS decoder learns while it decodes: contexts, runs, and the codes of what is left. */
import type { JpegLsBits } from './jpeg-ls-bits.ts';
import { CodecError } from './raster.ts';

/** Numbers that a scan is coded with. */
export interface Coding {
  /** The largest sample. */
  readonly maximum: number;
  /** Steps of gradients; 0 where they follow from the largest sample. */
  readonly thresholds: readonly [number, number, number];
  /** Samples after which a context forgets a half. */
  readonly reset: number;
  /** How far a sample may be off. */
  readonly near: number;
}

/** Lengths of runs, as powers of two. T.87, A.2.1. */
const RUN_LENGTHS = [
  0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14,
  15,
];
const CONTEXTS = 365;
/** More bits than any code that makes sense has. */
const MOST_BITS = 24;

/** Steps where the file gives none. T.87, C.2.4.1.1.1. */
function defaultThresholds(maximum: number, near: number): [number, number, number] {
  const clamped = (value: number, low: number) => (value > maximum || value < low ? low : value);
  const isFine = maximum >= 128;
  const factor = isFine ? (Math.min(maximum, 4095) + 128) >> 8 : Math.floor(256 / (maximum + 1));
  const step = (base: number, least: number, times: number) =>
    isFine
      ? factor * (base - least) + least + times * near
      : Math.max(least, Math.floor(base / factor) + times * near);
  const first = clamped(step(3, 2, 3), near + 1);
  const second = clamped(step(7, 3, 5), first);
  return [first, second, clamped(step(21, 4, 7), second)];
}

/** −4 to 4 of each gradient from −`maximum` to `maximum`. T.87, A.3.3. */
function stepsOf(maximum: number, near: number, thresholds: readonly number[]): Int8Array {
  const [first, second, third] = thresholds;
  return Int8Array.from({ length: 2 * maximum + 1 }, (_, i) => {
    const size = Math.abs(i - maximum);
    if (size <= near) return 0;
    const step = size < first ? 1 : size < second ? 2 : size < third ? 3 : 4;
    return i < maximum ? -step : step;
  });
}

export class JpegLsModel {
  readonly #bits: JpegLsBits;
  readonly #maximum: number;
  readonly #near: number;
  readonly #reset: number;
  /** −4 to 4 of each gradient, the least first. */
  readonly #steps: Int8Array;
  /** Distance of two samples that can be told apart, how many there are, and their bits. */
  readonly #quantum: number;
  readonly #range: number;
  readonly #width: number;
  readonly #limit: number;
  // Of each context: sum of sizes, of errors, correction, count; the last two are of runs that end.
  readonly #sizes: Int32Array;
  readonly #errors = new Int32Array(CONTEXTS);
  readonly #corrections = new Int32Array(CONTEXTS);
  readonly #counts = new Int32Array(CONTEXTS + 2).fill(1);
  readonly #negatives = new Int32Array(2);

  constructor(bits: JpegLsBits, { maximum, near, reset, thresholds }: Coding) {
    if (near > Math.min(255, maximum >> 1) || reset < 3) {
      throw new CodecError('is broken: its compressed pixels make no sense.');
    }
    this.#bits = bits;
    this.#maximum = maximum;
    this.#near = near;
    this.#reset = reset;
    const usual = defaultThresholds(maximum, near);
    const step = (index: 0 | 1 | 2) => thresholds[index] || usual[index];
    this.#steps = stepsOf(maximum, near, [step(0), step(1), step(2)]);
    this.#quantum = 2 * near + 1;
    this.#range = Math.floor((maximum + 2 * near) / this.#quantum) + 1;
    this.#width = Math.ceil(Math.log2(this.#range));
    const depth = Math.max(2, Math.ceil(Math.log2(maximum + 1)));
    this.#limit = 2 * (depth + Math.max(8, depth));
    const first = Math.max(2, (this.#range + 32) >> 6);
    this.#sizes = new Int32Array(CONTEXTS + 2).fill(first);
  }

  /** The context of a sample, with the sign that its errors have; 0 where all is flat. */
  #context(above: Int32Array, now: Int32Array, x: number): number {
    const steps = this.#steps;
    const most = this.#maximum;
    const up = above[x];
    const corner = above[x - 1];
    const first = steps[above[x + 1] - up + most];
    return 81 * first + 9 * steps[up - corner + most] + steps[corner - now[x - 1] + most];
  }

  /** Bits of a Golomb code that fit what was seen. T.87, A.5.1. */
  #length(size: number, count: number): number {
    let length = 0;
    for (let reach = count; reach < size; reach += reach) length += 1;
    if (length > MOST_BITS) {
      throw new CodecError('is broken: its compressed pixels make no sense.');
    }
    return length;
  }

  /** T.87, A.5.3. */
  #code(length: number, limit: number): number {
    const most = limit - this.#width - 1;
    const zeros = this.#bits.zeros(most);
    if (zeros >= most) return this.#bits.read(this.#width) + 1;
    return (zeros << length) + this.#bits.read(length);
  }

  /** A sample from what was foretold and how wrong that was. T.87, A.4.5 and A.8. */
  #sample(guess: number, error: number): number {
    const span = this.#range * this.#quantum;
    let value = guess + error * this.#quantum;
    if (value < -this.#near) value += span;
    else if (value > this.#maximum + this.#near) value -= span;
    return Math.max(0, Math.min(this.#maximum, value));
  }

  /** T.87, A.4 to A.6. */
  #regular(above: Int32Array, now: Int32Array, x: number, signed: number): number {
    const left = now[x - 1];
    const up = above[x];
    const corner = above[x - 1];
    const sign = signed < 0 ? -1 : 1;
    const context = signed < 0 ? 0 - signed : signed;
    const low = left < up ? left : up;
    const high = left < up ? up : left;
    const edge = corner >= high ? low : corner <= low ? high : left + up - corner;
    const corrected = edge + sign * this.#corrections[context];
    const guess = Math.max(0, Math.min(this.#maximum, corrected));
    const count = this.#counts[context];
    const length = this.#length(this.#sizes[context], count);
    const mapped = this.#code(length, this.#limit);
    const half = mapped >> 1;
    const isTurned = this.#near === 0 && length === 0 && 2 * this.#errors[context] <= -count;
    const isOdd = (mapped & 1) === 1;
    const error = isOdd === isTurned ? half : -half - 1;
    this.#learn(context, error);
    return this.#sample(guess, sign < 0 ? 0 - error : error);
  }

  #learn(context: number, error: number): void {
    let sum = this.#errors[context] + error * this.#quantum;
    this.#sizes[context] += Math.abs(error);
    if (this.#counts[context] === this.#reset) {
      this.#sizes[context] >>= 1;
      sum >>= 1;
      this.#counts[context] >>= 1;
    }
    this.#counts[context] += 1;
    const count = this.#counts[context];
    if (sum <= -count) {
      sum = Math.max(sum + count, 1 - count);
      if (this.#corrections[context] > -128) this.#corrections[context] -= 1;
    } else if (sum > 0) {
      sum = Math.min(sum - count, 0);
      if (this.#corrections[context] < 127) this.#corrections[context] += 1;
    }
    this.#errors[context] = sum;
  }

  /** The sample that ends a run. T.87, A.7.2. */
  #ending(left: number, up: number, isFlat: boolean, run: number): number {
    const kind = isFlat ? 1 : 0;
    const context = CONTEXTS + kind;
    const count = this.#counts[context];
    const size = this.#sizes[context] + (isFlat ? count >> 1 : 0);
    const length = this.#length(size, count);
    const mapped = this.#code(length, this.#limit - RUN_LENGTHS[run] - 1);
    const whole = mapped + kind;
    const isOdd = (whole & 1) === 1;
    const isUsual = length !== 0 || 2 * this.#negatives[kind] >= count;
    const error = isOdd === isUsual ? -((whole + 1) >> 1) : (whole + 1) >> 1;
    if (error < 0) this.#negatives[kind] += 1;
    this.#sizes[context] += (mapped + 1 - kind) >> 1;
    if (count === this.#reset) {
      this.#sizes[context] >>= 1;
      this.#counts[context] >>= 1;
      this.#negatives[kind] >>= 1;
    }
    this.#counts[context] += 1;
    if (isFlat) return this.#sample(left, error);
    return this.#sample(up, left > up ? -error : error);
  }

  /** How many samples go on as they are, from `x` on; the state of runs moves. T.87, A.7.1. */
  #run(rest: number, runs: Int32Array, plane: number): number {
    let length = 0;
    while (this.#bits.read(1) === 1) {
      const whole = 1 << RUN_LENGTHS[runs[plane]];
      if (whole <= rest - length && runs[plane] < 31) runs[plane] += 1;
      length += Math.min(whole, rest - length);
      if (length === rest) return length;
    }
    length += this.#bits.read(RUN_LENGTHS[runs[plane]]);
    if (length < rest) return length;
    throw new CodecError('is broken: its compressed pixels make no sense.');
  }

  /** One line of one plane; `above` and `now` begin one sample before the first. */
  line(above: Int32Array, now: Int32Array, width: number, runs: Int32Array, plane: number): void {
    for (let x = 1; x <= width; x += 1) {
      const context = this.#context(above, now, x);
      if (context !== 0) {
        now[x] = this.#regular(above, now, x, context);
        continue;
      }
      const left = now[x - 1];
      const length = this.#run(width - x + 1, runs, plane);
      now.fill(left, x, x + length);
      x += length;
      if (x > width) return;
      const isFlat = Math.abs(left - above[x]) <= this.#near;
      now[x] = this.#ending(left, above[x], isFlat, runs[plane]);
      if (runs[plane] > 0) runs[plane] -= 1;
    }
  }

  /** One line of all planes, pixel after pixel: a run is one of all of them. */
  pixels(
    above: readonly Int32Array[],
    now: readonly Int32Array[],
    width: number,
    runs: Int32Array,
  ): void {
    for (let x = 1; x <= width; x += 1) {
      const contexts = now.map((line, plane) => this.#context(above[plane], line, x));
      if (contexts.some((context) => context !== 0)) {
        now.forEach((line, plane) => {
          line[x] = this.#regular(above[plane], line, x, contexts[plane]);
        });
        continue;
      }
      const length = this.#run(width - x + 1, runs, 0);
      for (const line of now) line.fill(line[x - 1], x, x + length);
      x += length;
      if (x > width) return;
      now.forEach((line, plane) => {
        line[x] = this.#ending(line[x - 1], above[plane][x], false, runs[0]);
      });
      if (runs[0] > 0) runs[0] -= 1;
    }
  }
}
