/**
 * Resamples images and masks to another size, axis by axis. Along an axis that shrinks, source pixels are
 * averaged; each weighs by the share of it that the target pixel covers. Along an axis that grows, values
 * are interpolated linearly between pixel centres. The two axes may be scaled differently.
 */
import type { GreyImage, Mask } from './types.ts';

/** For each target pixel: `count` source pixels from index `start` on, with weights that sum to 1. */
interface Taps {
  readonly count: number;
  readonly start: Int32Array;
  readonly weights: Float64Array;
}

function areaTaps(source: number, target: number): Taps {
  const step = source / target;
  const count = Math.min(source, Math.ceil(step) + 1);
  const start = new Int32Array(target);
  const weights = new Float64Array(target * count);
  for (let t = 0; t < target; t += 1) {
    // Positions are whole numbers in units of 1/target of a source pixel, so that rounding neither adds nor
    // loses a pixel.
    const from = t * source;
    const to = from + source;
    const first = Math.min(Math.floor(from / target), source - count);
    start[t] = first;
    for (let k = 0; k < count; k += 1) {
      const left = (first + k) * target;
      const covered = Math.min(to, left + target) - Math.max(from, left);
      if (covered > 0) weights[t * count + k] = covered / source;
    }
  }
  return { count, start, weights };
}

function linearTaps(source: number, target: number): Taps {
  const count = Math.min(2, source);
  const start = new Int32Array(target);
  const weights = new Float64Array(target * count);
  for (let t = 0; t < target; t += 1) {
    const at = Math.min(Math.max(((t + 0.5) * source) / target - 0.5, 0), source - 1);
    const first = Math.min(Math.floor(at), source - count);
    start[t] = first;
    weights[t * count] = count === 1 ? 1 : 1 - (at - first);
    if (count === 2) weights[t * count + 1] = at - first;
  }
  return { count, start, weights };
}

const tapsOf = (source: number, target: number): Taps =>
  target < source ? areaTaps(source, target) : linearTaps(source, target);

/** The resampled values, unrounded, row-major width·height. */
function resample(
  data: Uint8Array | Uint16Array,
  source: { width: number; height: number },
  width: number,
  height: number,
): Float32Array {
  const across = tapsOf(source.width, width);
  const rows = new Float32Array(source.height * width);
  for (let y = 0; y < source.height; y += 1) {
    const from = y * source.width;
    for (let x = 0; x < width; x += 1) {
      let i = from + across.start[x];
      let w = x * across.count;
      let sum = 0;
      for (const end = w + across.count; w < end; w += 1, i += 1) {
        sum += data[i] * across.weights[w];
      }
      rows[y * width + x] = sum;
    }
  }
  const down = tapsOf(source.height, height);
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const to = y * width;
    for (let k = 0; k < down.count; k += 1) {
      const weight = down.weights[y * down.count + k];
      if (weight === 0) continue;
      const from = (down.start[y] + k) * width;
      for (let x = 0; x < width; x += 1) {
        result[to + x] = result[to + x] + weight * rows[from + x];
      }
    }
  }
  return result;
}

function assertSize(width: number, height: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`cannot resample to ${width} × ${height} pixels`);
  }
}

/**
 * Resamples an image and scales its values by `bits`, so that 0 is black and 65535 white.
 * @returns width·height samples, row-major
 */
export function resampleImage(image: GreyImage, width: number, height: number): Uint16Array {
  assertSize(width, height);
  const scale = 65535 / (2 ** image.bits - 1);
  const same = image.width === width && image.height === height;
  const values = same ? image.data : resample(image.data, image, width, height);
  const result = new Uint16Array(width * height);
  for (let i = 0; i < result.length; i += 1) {
    // Clamped, so that a sample above 2^bits − 1 does not wrap to black.
    result[i] = Math.min(values[i] * scale + 0.5, 65535);
  }
  return result;
}

/**
 * Resamples a mask as an image of 0 (outside) and 1 (inside). A pixel becomes inside if its value is at
 * least one half.
 */
export function resampleMask(mask: Mask, width: number, height: number): Mask {
  assertSize(width, height);
  if (mask.width === width && mask.height === height) {
    return { width, height, data: mask.data.slice() };
  }
  const values = resample(mask.data, mask, width, height);
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 1) data[i] = values[i] >= 0.5 - 1e-5 ? 1 : 0;
  return { width, height, data };
}
