/**
 * The interface of a backend: the primitives that the networks consist of, each differentiable through
 * `tf.grads` and `tf.variableGrads`. Tensors are float32, in the order batch, height, width, channels.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { BackendName } from '../messages.ts';

export type Tf = typeof tfjs;

export interface BatchNormResult {
  readonly y: Tensor4D;
  /** Mean of the batch, [channels]. No gradient flows through mean and variance. */
  readonly mean: Tensor1D;
  /** Biased variance of the batch (divided by the number of values), [channels]. */
  readonly variance: Tensor1D;
}

export interface Backend {
  readonly name: BackendName;
  /** Describes the device for people: for example the library, its version, and the GPU's name. */
  readonly device: string;
  /** The only instance of tfjs-core in the process; this backend is active in it. */
  readonly tf: Tf;

  /**
   * Convolution with stride 1 and zero padding that keeps the size. x [batch, h, w, in], filter [kh, kw,
   * in, out] (odd kernel sizes), bias [out] or null. With `activation`, a ReLU follows, which costs less
   * than a separate `relu`.
   */
  conv2d(x: Tensor4D, filter: Tensor4D, bias: Tensor1D | null, activation?: 'relu'): Tensor4D;
  relu<T extends Tensor>(x: T): T;
  /**
   * Max pooling in windows of 2×2, stride 2; h and w must be even. If several pixels of a window are the
   * maximum, the backend decides which of them get the gradient: one of them, or all in equal parts.
   */
  maxPool2x2(x: Tensor4D): Tensor4D;
  /** Repeats every pixel as 2×2 pixels of the same value. */
  upsample2x(x: Tensor4D): Tensor4D;
  /** Batch normalisation with the batch's own statistics. It has gradients for x, scale and offset. */
  batchNormTrain(x: Tensor4D, scale: Tensor1D, offset: Tensor1D, epsilon: number): BatchNormResult;
  /** Batch normalisation with the given statistics. */
  batchNormInference(
    x: Tensor4D,
    scale: Tensor1D,
    offset: Tensor1D,
    mean: Tensor1D,
    variance: Tensor1D,
    epsilon: number,
  ): Tensor4D;
  dispose(): void;
}

/**
 * The names under which every backend registers its kernels with tfjs. `primitives.ts` has their
 * gradients, which are the same for every backend.
 */
export const KERNELS = {
  conv: 'OverreadConv2D',
  convInputGrad: 'OverreadConv2DInputGrad',
  convFilterGrad: 'OverreadConv2DFilterGrad',
  biasGrad: 'OverreadBiasGrad',
  relu: 'OverreadRelu',
  reluGrad: 'OverreadReluGrad',
  maxPool: 'OverreadMaxPool',
  maxPoolGrad: 'OverreadMaxPoolGrad',
  upsample: 'OverreadUpsample',
  upsampleGrad: 'OverreadUpsampleGrad',
  batchNorm: 'OverreadBatchNorm',
  batchNormGrad: 'OverreadBatchNormGrad',
} as const;

export type KernelKey = keyof typeof KERNELS;
