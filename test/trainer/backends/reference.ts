/**
 * The reference that every backend is compared with: the primitives in plain loops and 64-bit floats,
 * and gradients by finite differences. It shares no code with the backends.
 */
export interface Plane {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function plane(shape: readonly number[], value: (index: number) => number): Plane {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, index) => value(index)) };
}

/**
 * Convolution with stride 1 and zero padding that keeps the size. The filter is [kh, kw, in, out];
 * `bias` is null if there is no bias.
 */
export function conv(x: Plane, filter: Plane, bias: Plane | null): Plane {
  const [batch, height, width, inputs] = x.shape;
  const [kh, kw, , outputs] = filter.shape;
  const at = (n: number, i: number, j: number, c: number): number =>
    i < 0 || j < 0 || i >= height || j >= width
      ? 0
      : x.data[((n * height + i) * width + j) * inputs + c];
  return plane([batch, height, width, outputs], (index) => {
    const o = index % outputs;
    const j = Math.floor(index / outputs) % width;
    const i = Math.floor(index / outputs / width) % height;
    const n = Math.floor(index / outputs / width / height);
    let sum = bias ? bias.data[o] : 0;
    for (let di = 0; di < kh; di++) {
      for (let dj = 0; dj < kw; dj++) {
        for (let c = 0; c < inputs; c++) {
          const weight = filter.data[((di * kw + dj) * inputs + c) * outputs + o];
          sum += weight * at(n, i + di - (kh - 1) / 2, j + dj - (kw - 1) / 2, c);
        }
      }
    }
    return sum;
  });
}

export function map(x: Plane, f: (value: number) => number): Plane {
  return { shape: x.shape, data: x.data.map(f) };
}

export const relu = (x: Plane): Plane => map(x, (value) => Math.max(0, value));
export const sigmoid = (x: Plane): Plane => map(x, (value) => 1 / (1 + Math.exp(-value)));

export function maxPool(x: Plane): Plane {
  const [batch, height, width, channels] = x.shape;
  const [h, w] = [height / 2, width / 2];
  return plane([batch, h, w, channels], (index) => {
    const c = index % channels;
    const j = Math.floor(index / channels) % w;
    const i = Math.floor(index / channels / w) % h;
    const n = Math.floor(index / channels / w / h);
    let best = -Infinity;
    for (const [di, dj] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      const row = n * height + 2 * i + di;
      best = Math.max(best, x.data[(row * width + 2 * j + dj) * channels + c]);
    }
    return best;
  });
}

export function upsample(x: Plane): Plane {
  const [batch, height, width, channels] = x.shape;
  return plane([batch, height * 2, width * 2, channels], (index) => {
    const c = index % channels;
    const j = Math.floor(index / channels) % (2 * width);
    const i = Math.floor(index / channels / 2 / width) % (2 * height);
    const n = Math.floor(index / channels / 4 / width / height);
    return x.data[((n * height + (i >> 1)) * width + (j >> 1)) * channels + c];
  });
}

/** Mean and biased variance of each channel, as batch normalisation needs them. */
export function moments(x: Plane): { mean: Float64Array; variance: Float64Array } {
  const channels = x.shape[3];
  const count = x.data.length / channels;
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  x.data.forEach((value, index) => (mean[index % channels] += value / count));
  x.data.forEach((value, index) => {
    variance[index % channels] += (value - mean[index % channels]) ** 2 / count;
  });
  return { mean, variance };
}

export function batchNorm(x: Plane, scale: Plane, offset: Plane, epsilon: number): Plane {
  const { mean, variance } = moments(x);
  return normalise(x, scale, offset, mean, variance, epsilon);
}

export function normalise(
  x: Plane,
  scale: Plane,
  offset: Plane,
  mean: Float64Array,
  variance: Float64Array,
  epsilon: number,
): Plane {
  const channels = x.shape[3];
  return plane(x.shape, (index) => {
    const c = index % channels;
    const centred = (x.data[index] - mean[c]) / Math.sqrt(variance[c] + epsilon);
    return centred * scale.data[c] + offset.data[c];
  });
}

export function concat(a: Plane, b: Plane): Plane {
  const [p, q] = [a.shape[3], b.shape[3]];
  return plane([...a.shape.slice(0, 3), p + q], (index) => {
    const c = index % (p + q);
    const pixel = Math.floor(index / (p + q));
    return c < p ? a.data[pixel * p + c] : b.data[pixel * q + c - p];
  });
}

export function dot(a: Plane, b: Plane): number {
  return a.data.reduce((sum, value, index) => sum + value * b.data[index], 0);
}

/** Gradients of `f` by central differences, for every value of every input. */
export function gradients(
  f: (inputs: readonly Plane[]) => number,
  inputs: readonly Plane[],
): Float64Array[] {
  const step = 1e-5;
  return inputs.map(({ data }) =>
    data.map((value, index) => {
      data[index] = value + step;
      const above = f(inputs);
      data[index] = value - step;
      const below = f(inputs);
      data[index] = value;
      return (above - below) / (2 * step);
    }),
  );
}
