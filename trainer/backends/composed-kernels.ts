/**
 * Kernels for the primitives, composed of operations that are fast in tfjs' own backends: convolution,
 * matrix product, pooling and plain arithmetic. Those backends are made for inference: the gradients that
 * training needs are missing, slow, or wrong (that of max pooling is wrong where the maximum is not above
 * zero). Step functions replace comparisons, because they are faster.
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

export type Inputs = Record<string, Tensor>;
export type Kernel = (inputs: Inputs, attrs: Record<string, unknown>) => Tensor | Tensor[];

export const channels = (x: Tensor): number => x.shape[x.rank - 1] ?? 1;
/** Reshapes a tensor to [pixels, channels]. */
export const flat = (x: Tensor): Tensor => tf.reshape(x, [-1, channels(x)]);

export function call(
  kernel: string,
  inputs: NamedTensorInfoMap,
  attrs: Record<string, unknown>,
): Tensor {
  // The type asks for tensors, but a kernel reads only their descriptions.
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

/** 1 where x > 0, else 0. */
const positive = (x: Tensor): Tensor => tf.step(x);

/** Repeats every pixel of y as a block of 2×2 pixels. */
function blocks(y: Tensor4D): Tensor4D {
  return tf.image.resizeNearestNeighbor(y, [y.shape[1] * 2, y.shape[2] * 2]);
}

/** Sum over 2×2 blocks. */
const blockSums = (x: Tensor4D): Tensor4D => tf.mul(tf.avgPool(x, 2, 2, 'valid'), 4);

/**
 * The gradient of max pooling: divides a window's gradient equally among the pixels that hold its
 * maximum.
 */
function maxPoolGradient(dy: Tensor4D, x: Tensor4D, y: Tensor4D): Tensor4D {
  const largest = tf.sub(1, positive(tf.sub(blocks(y), x)));
  const share = tf.div(dy, blockSums(largest as Tensor4D));
  return tf.mul(blocks(share as Tensor4D), largest);
}

/** The kernels that each backend has to implement itself. */
export interface OwnKernels {
  /** By channel, the sum of all values, times `factor` (default 1). */
  readonly channelSums: (x: Tensor, factor?: number) => Tensor1D;
  /** Gradient of a filter of `shape` [kh, kw, in, out], from the input x and the output's gradient dy. */
  readonly filterGradient: (x: Tensor4D, dy: Tensor4D, shape: number[]) => Tensor;
}

export function composedKernels({
  channelSums,
  filterGradient,
}: OwnKernels): Record<KernelKey, Kernel> {
  return {
    conv: ({ x, filter, bias }, attrs) => conv(x, filter, bias ?? null, attrs['relu'] === true),
    /** A convolution with the filter turned by 180°, and its input and output channels exchanged. */
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
    /** The formula of Ioffe and Szegedy 2015, section 3; a channel's constants are computed once. */
    batchNormGrad: ({ dy, x, scale, a: mean, b: inverse }) => {
      const part = channels(x) / x.size;
      const dOffset = channelSums(dy);
      const dScale = tf.mul(tf.sub(channelSums(tf.mul(dy, x)), tf.mul(dOffset, mean)), inverse);
      const factor = tf.mul(scale, inverse);
      // With n values in a channel: dx = factor·(dy − dOffset/n − (x − mean)·inverse·dScale/n) =
      // factor·dy + slope·x + shift
      const slope = tf.mul(tf.mul(factor, tf.mul(inverse, dScale)), -part);
      const shift = tf.neg(tf.add(tf.mul(tf.mul(factor, dOffset), part), tf.mul(slope, mean)));
      const dx = tf.add(tf.mul(dy, factor), tf.add(tf.mul(x, slope), shift));
      return [dx, dScale, dOffset];
    },
  };
}
