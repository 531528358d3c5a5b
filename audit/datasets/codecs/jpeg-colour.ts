/**
 * Planes of a JPEG to pixels: those of fewer samples are enlarged, and brightness and differences
 * become red, green, blue; to the bit as libjpeg does both by default. Reference: libjpeg-turbo's
 * jdsample.c and jdcolor.c.
 */

/** One plane as it is stored: rows of `stride` samples, of which `width` × `height` are the picture's. */
export interface Plane {
  readonly data: Uint8ClampedArray;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
  /** How much larger the picture is. */
  readonly across: number;
  readonly down: number;
}

/** Twice as wide: three parts of the nearer sample, one of the other. */
function wider(row: Int32Array, width: number, out: Int32Array, steps: readonly number[]): void {
  const [first, last, left, right, shift] = steps;
  for (let x = 0; x < width; x += 1) {
    const own = row[x] * 3;
    out[2 * x] = x === 0 ? (row[0] * 4 + first) >> shift : (own + row[x - 1] + left) >> shift;
    out[2 * x + 1] =
      x === width - 1 ? (row[x] * 4 + last) >> shift : (own + row[x + 1] + right) >> shift;
  }
}
/** Roundings of the first, the last, left and right samples, and bits behind the point. */
const ONE_WAY = [0, 0, 1, 2, 2];
const BOTH_WAYS = [8, 7, 8, 7, 4];

/** Makes row `y` of the picture out of a plane. */
export class Enlarger {
  readonly #plane: Plane;
  readonly #row: Int32Array;
  readonly #out: Int32Array;

  constructor(plane: Plane) {
    this.#plane = plane;
    this.#row = new Int32Array(plane.width);
    this.#out = new Int32Array(plane.width * plane.across);
  }

  row(y: number): Int32Array {
    const { data, stride, width, height, across, down } = this.#plane;
    const own = Math.floor(y / down) * stride;
    const row = this.#row;
    const isSmooth = across <= 2 && down <= 2 && (across === 1 || width > 2);
    if (!isSmooth || (across === 1 && down === 1)) {
      const out = this.#out;
      for (let x = 0; x < out.length; x += 1) out[x] = data[own + Math.floor(x / across)];
      return out;
    }
    if (down === 1) {
      for (let x = 0; x < width; x += 1) row[x] = data[own + x];
      wider(row, width, this.#out, ONE_WAY);
      return this.#out;
    }
    const isUpper = y % 2 === 0;
    const near = Math.floor(y / 2);
    const far = Math.max(0, Math.min(height - 1, near + (isUpper ? -1 : 1)));
    for (let x = 0; x < width; x += 1) row[x] = data[own + x] * 3 + data[far * stride + x];
    if (across === 2) {
      wider(row, width, this.#out, BOTH_WAYS);
      return this.#out;
    }
    const rounding = isUpper ? 1 : 2;
    for (let x = 0; x < width; x += 1) row[x] = (row[x] + rounding) >> 2;
    return row;
  }
}

const fixed = (value: number): number => Math.floor(value * 65536 + 0.5);
const RED = fixed(1.402);
const GREEN_RED = fixed(0.71414);
const GREEN_BLUE = fixed(0.34414);
const BLUE = fixed(1.772);
const HALF = 1 << 15;

/** Planes as pixels: red, green, blue; `differences`: they hold a brightness and two differences. */
export function pixelsOf(
  planes: readonly Plane[],
  width: number,
  height: number,
  differences: boolean,
): Uint8Array {
  const pixels = new Uint8ClampedArray(width * height * 3);
  const rows = planes.map((plane) => new Enlarger(plane));
  for (let y = 0, at = 0; y < height; y += 1) {
    const [first, second, third] = rows.map((plane) => plane.row(y));
    for (let x = 0; x < width; x += 1, at += 3) {
      if (differences) {
        const light = first[x];
        const blue = second[x] - 128;
        const red = third[x] - 128;
        pixels[at] = light + ((RED * red + HALF) >> 16);
        pixels[at + 1] = light + ((HALF - GREEN_BLUE * blue - GREEN_RED * red) >> 16);
        pixels[at + 2] = light + ((BLUE * blue + HALF) >> 16);
      } else {
        pixels[at] = first[x];
        pixels[at + 1] = second[x];
        pixels[at + 2] = third[x];
      }
    }
  }
  return new Uint8Array(pixels.buffer);
}
