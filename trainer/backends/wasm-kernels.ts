/**
 * The kernels behind the primitives on WebAssembly. tfjs' backend is made for inference: what training
 * needs is missing there (a filter's gradient), ten times too slow (an input's), or wrong (max
 * pooling's where the maximum is not above zero). Here it is all composed of XNNPACK's fast kernels:
 * convolution, matrix product and plain arithmetic; comparisons, slices and sums are avoided, which
 * are naive loops there.
 */
import type {
  NamedTensorInfoMap,
  NamedTensorMap,
  Tensor,
  Tensor1D,
  Tensor4D,
} from '@tensorflow/tfjs-core';
import { tf } from './core.ts';
import type { KernelKey } from './types.ts';
import { withView } from './wasm-memory.ts';

export type Inputs = Record<string, Tensor>;
export type Kernel = (inputs: Inputs, attrs: Record<string, unknown>) => Tensor | Tensor[];

const channels = (x: Tensor): number => x.shape[x.rank - 1] ?? 1;
/** [pixels, channels] */
const flat = (x: Tensor): Tensor => tf.reshape(x, [-1, channels(x)]);

function call(kernel: string, inputs: NamedTensorInfoMap, attrs: Record<string, unknown>): Tensor {
  // Kernels read no more of a tensor than its description.
  return tf.engine().runKernel(kernel, inputs as NamedTensorMap, attrs as never);
}

export function conv(x: Tensor, filter: Tensor, bias: Tensor | null, relu: boolean): Tensor {
  return call('FusedConv2D', bias ? { x, filter, bias } : { x, filter }, {
    strides: [1, 1],
    pad: 'same',
    dataFormat: 'NHWC',
    dilations: [1, 1],
    activation: relu ? 'relu' : 'linear',
  });
}

/** Per channel, the sum over everything else times `factor`: as a matrix product. */
function channelSums(x: Tensor, factor = 1): Tensor1D {
  const rows = x.size / channels(x);
  return tf.reshape(tf.matMul(tf.fill([1, rows], factor), flat(x)), [channels(x)]);
}

/**
 * Gradient of a filter [kh, kw, in, out]. x is zero-padded and made planar, [in, batch·height·width];
 * dy is zero-padded to the same grid, [batch·height·width, out]. Each tap of the filter is then one
 * matrix product of x shifted by some floats. Where a shifted row runs into the next one, dy is zero.
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, shape: number[]): Tensor {
  const [kh, kw, inputs, outputs] = shape as [number, number, number, number];
  const [batch, height, width] = x.shape;
  const [top, left] = [(kh - 1) / 2, (kw - 1) / 2];
  const cells = batch * (height + 2 * top) * (width + 2 * left);
  const columns = width + 2 * left;
  // One empty channel more, for the last row to run into.
  const padded = tf.pad(x, [
    [0, 0],
    [top, top],
    [left, left],
    [0, 1],
  ]);
  const planar = tf.transpose(tf.reshape(padded, [cells, inputs + 1]));
  padded.dispose();
  const spread = tf.pad(dy, [
    [0, 0],
    [0, 2 * top],
    [0, 2 * left],
    [0, 0],
  ]);
  const b = tf.reshape(spread, [1, cells, outputs]);
  const taps: Tensor[] = [];
  for (let i = 0; i < kh; i += 1) {
    for (let j = 0; j < kw; j += 1) {
      taps.push(
        withView(planar, i * columns + j, [1, inputs, cells], (a) =>
          call('BatchMatMul', { a, b }, { transposeA: false, transposeB: false }),
        ),
      );
    }
  }
  planar.dispose();
  return tf.reshape(tf.concat(taps, 0), shape);
}

/** 1 where x > 0, else 0. */
const positive = (x: Tensor): Tensor => tf.step(x);

/** 2×2 blocks of y's pixels, each filled with its pixel. */
function blocks(y: Tensor4D): Tensor4D {
  return tf.image.resizeNearestNeighbor(y, [y.shape[1] * 2, y.shape[2] * 2]);
}

/** Sum over 2×2 blocks. */
const blockSums = (x: Tensor4D): Tensor4D => tf.mul(tf.avgPool(x, 2, 2, 'valid'), 4);

/** The gradient of a window goes in equal parts to its pixels that are the maximum. */
function maxPoolGradient(dy: Tensor4D, x: Tensor4D, y: Tensor4D): Tensor4D {
  const largest = tf.sub(1, positive(tf.sub(blocks(y), x)));
  const share = tf.div(dy, blockSums(largest as Tensor4D));
  return tf.mul(blocks(share as Tensor4D), largest);
}

export const wasmKernels: Readonly<Record<KernelKey, Kernel>> = {
  conv: ({ x, filter, bias }, attrs) => conv(x, filter, bias ?? null, attrs['relu'] === true),
  /** A convolution by the filter turned around, its channels swapped. */
  convInputGrad: ({ dy, filter }) =>
    conv(dy, tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]), null, false),
  convFilterGrad: ({ x, dy }, attrs) =>
    filterGradient(x as Tensor4D, dy as Tensor4D, attrs['shape'] as number[]),
  biasGrad: ({ dy }) => channelSums(dy),
  relu: ({ x }) => tf.relu(x),
  reluGrad: ({ dy, y }) => tf.mul(dy, positive(y)),
  maxPool: ({ x }) => [tf.maxPool(x as Tensor4D, 2, 2, 'valid')],
  maxPoolGrad: ({ dy, x, y }) => maxPoolGradient(dy as Tensor4D, x as Tensor4D, y as Tensor4D),
  upsample: ({ x }) => blocks(x as Tensor4D),
  upsampleGrad: ({ dy }) => blockSums(dy as Tensor4D),
  batchNorm: ({ x, scale, offset }, attrs) => {
    const part = channels(x) / x.size;
    const mean = channelSums(x, part);
    const variance = channelSums(tf.squaredDifference(x, mean), part);
    const inverse = tf.rsqrt(tf.add(variance, attrs['epsilon'] as number));
    const factor = tf.mul(scale, inverse);
    const y = tf.add(tf.mul(x, factor), tf.sub(offset, tf.mul(mean, factor)));
    return [y, mean, variance, tf.clone(mean), inverse, tf.scalar(0)];
  },
  /** Formula: Ioffe and Szegedy 2015, section 3, collected per channel. */
  batchNormGrad: ({ dy, x, scale, a: mean, b: inverse }) => {
    const part = channels(x) / x.size;
    const dOffset = channelSums(dy);
    const dScale = tf.mul(tf.sub(channelSums(tf.mul(dy, x)), tf.mul(dOffset, mean)), inverse);
    const factor = tf.mul(scale, inverse);
    // dx = factor·(dy − dOffset/n − (x − mean)·inverse·dScale/n) = factor·dy + slope·x + shift
    const slope = tf.mul(tf.mul(factor, tf.mul(inverse, dScale)), -part);
    const shift = tf.neg(tf.add(tf.mul(tf.mul(factor, dOffset), part), tf.mul(slope, mean)));
    const dx = tf.add(tf.mul(dy, factor), tf.add(tf.mul(x, slope), shift));
    return [dx, dScale, dOffset];
  },
};

const selections = new Map<string, Tensor>();

/** A 1×1 filter that takes `size` channels of `from`, beginning with `begin`. */
function selection(from: number, begin: number, size: number): Tensor {
  const key = `${from}/${begin}/${size}`;
  let filter = selections.get(key);
  if (filter === undefined) {
    const values = new Float32Array(from * size);
    for (let i = 0; i < size; i += 1) values[(begin + i) * size + i] = 1;
    filter = tf.keep(tf.tensor4d(values, [1, 1, from, size]));
    selections.set(key, filter);
  }
  return filter;
}

/**
 * Splitting along the channels, which is the gradient of joining them: the backend copies pixel by
 * pixel, a convolution that picks channels is fifteen times as fast.
 */
export function splitChannels(x: Tensor, sizes: readonly number[]): Tensor[] {
  let begin = 0;
  return sizes.map((size) => {
    const part = conv(x, selection(channels(x), begin, size), null, false);
    begin += size;
    return part;
  });
}
