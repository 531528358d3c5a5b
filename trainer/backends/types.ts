/**
 * What a backend offers: the primitives that the networks consist of, each differentiable through
 * `tf.grads` and `tf.variableGrads`. Tensors are float32 and laid out batch, height, width, channels.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type { BackendName } from '../messages.ts';

export type Tf = typeof tfjs;

export interface BatchNormResult {
  readonly y: Tensor4D;
  /** Of the batch, [channels]. No gradient flows through mean and variance. */
  readonly mean: Tensor1D;
  /** Biased (divided by the number of values), [channels]. */
  readonly variance: Tensor1D;
}

export interface Backend {
  readonly name: BackendName;
  /** In words for people: the library and its version, the processor or the GPU's name. */
  readonly device: string;
  /** The one instance of tfjs-core; this backend is its active one. */
  readonly tf: Tf;

  /**
   * Convolution with stride 1 and zero padding that keeps the size.
   * x [batch, h, w, in], filter [kh, kw, in, out] (odd kernel sizes), bias [out] or null. With `activation` the
   * result passes a ReLU, which costs less than a `relu` of its own.
   */
  conv2d(x: Tensor4D, filter: Tensor4D, bias: Tensor1D | null, activation?: 'relu'): Tensor4D;
  relu<T extends Tensor>(x: T): T;
  /** Windows of 2×2, stride 2; h and w even. Of equal maxima any may get the gradient. */
  maxPool2x2(x: Tensor4D): Tensor4D;
  /** Every pixel becomes 2×2 pixels. */
  upsample2x(x: Tensor4D): Tensor4D;
  /** Batch normalisation by the batch's own statistics; gradients for x, scale and offset. */
  batchNormTrain(x: Tensor4D, scale: Tensor1D, offset: Tensor1D, epsilon: number): BatchNormResult;
  /** Batch normalisation by given statistics. */
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
 * The kernels that every backend registers with tfjs, by their names there. Their gradients are in
 * `primitives.ts`, the same for every backend.
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
