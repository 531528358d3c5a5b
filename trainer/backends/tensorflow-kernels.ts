/**
 * TensorFlow's native kernels for the primitives. Two kernels of oneDNN, which TensorFlow's graph
 * optimiser would choose, are called by name: a convolution that also adds the bias (a third less time than
 * in two steps), and a max pooling that remembers where its maxima were (its gradient is faster).
 * The gradient of a 3×3 filter is computed by an operation of our own where that is faster
 * (`trainer/setup/native/filter_gradient.cc`).
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import { tf } from './core.ts';
import { attributeLists } from './tensorflow-native.ts';
import type { Native } from './tensorflow-native.ts';
import type { KernelKey } from './types.ts';
import type { Kernel } from './composed-kernels.ts';

/** Whether oneDNN's own kernels exist and are switched on; calls them once to find out. */
export function hasOnednnKernels(native: Native): boolean {
  if (native.binding.isUsingGpuDevice() || process.env['TF_ENABLE_ONEDNN_OPTS'] === '0') {
    return false;
  }
  const lists = attributeLists(native.binding);
  try {
    tf.tidy(() => {
      const x = tf.ones([1, 2, 2, 1]);
      const inputs = [x, tf.ones([1, 1, 1, 1]), tf.ones([1])];
      native.executeSingleOutput('_MklNativeConv2DWithBias', lists.convWithBias, inputs);
      native.executeMultipleOutputs('_MklNativeMaxPool', lists.poolWithMemory, [x], 2);
    });
    return true;
  } catch {
    return false;
  }
}

/** Whether the addon has our own operation and this processor can run it; calls it once to find out. */
export function hasFilterGradient(native: Native): boolean {
  if (native.binding.isUsingGpuDevice()) return false;
  try {
    tf.tidy(() => {
      const planes = tf.ones([1, 1, 1, 8]);
      native.executeSingleOutput('OverreadFilterGradient', [], [planes, planes]);
    });
    return true;
  } catch {
    return false;
  }
}

/** Which of the faster kernels this TensorFlow has. */
export interface NativeFeatures {
  readonly onednn: boolean;
  readonly filterGradient: boolean;
}

/** The kernels of `KERNELS`, made of this TensorFlow's operations. */
export function tensorflowKernels(
  native: Native,
  { onednn, filterGradient }: NativeFeatures,
): Record<KernelKey, Kernel> {
  const lists = attributeLists(native.binding);
  const one = (name: string, list: keyof Omit<typeof lists, 'batchNorm'>, ...inputs: Tensor[]) =>
    native.executeSingleOutput(name, lists[list], inputs);
  /** Applies the next operation and frees its input. */
  const then = (x: Tensor, next: (x: Tensor) => Tensor): Tensor => {
    const y = next(x);
    x.dispose();
    return y;
  };

  // TensorFlow takes shapes as int32 tensors. Only few shapes occur, so their tensors are kept.
  const shapes = new Map<string, Tensor>();
  const shapeTensor = (shape: readonly number[]): Tensor => {
    const key = shape.join();
    let tensor = shapes.get(key);
    if (tensor === undefined) {
      tensor = tf.keep(tf.tensor1d([...shape], 'int32'));
      shapes.set(key, tensor);
    }
    return tensor;
  };
  // TensorFlow asks for running statistics but does not use them in training.
  const none = tf.keep(tf.tensor1d([]));

  const biased = (x: Tensor, filter: Tensor, bias: Tensor): Tensor =>
    onednn
      ? one('_MklNativeConv2DWithBias', 'convWithBias', x, filter, bias)
      : then(one('Conv2D', 'conv', x, filter), (y) => one('BiasAdd', 'bias', y, bias));

  return {
    conv: ({ x, filter, bias }, attrs) => {
      const y = bias ? biased(x, filter, bias) : one('Conv2D', 'conv', x, filter);
      return attrs['relu'] === true ? then(y, (value) => one('Relu', 'typed', value)) : y;
    },
    convInputGrad: ({ dy, filter }) => {
      const [batch, height, width] = dy.shape;
      const size = shapeTensor([batch, height, width, filter.shape[2] ?? 0]);
      return one('Conv2DBackpropInput', 'conv', size, filter, dy);
    },
    convFilterGrad: ({ x, dy }, attrs) => {
      const shape = attrs['shape'] as number[];
      const [height, width, , outputs = 0] = shape;
      return filterGradient && height === 3 && width === 3 && outputs % 8 === 0
        ? native.executeSingleOutput('OverreadFilterGradient', [], [x, dy])
        : one('Conv2DBackpropFilter', 'conv', x, shapeTensor(shape), dy);
    },
    biasGrad: ({ dy }) => one('BiasAddGrad', 'bias', dy),
    relu: ({ x }) => one('Relu', 'typed', x),
    reluGrad: ({ dy, y }) => one('ReluGrad', 'typed', dy, y),
    maxPool: ({ x }) =>
      onednn
        ? native.executeMultipleOutputs('_MklNativeMaxPool', lists.poolWithMemory, [x], 2)
        : [one('MaxPool', 'pool', x)],
    maxPoolGrad: ({ dy, x, y, memory }) =>
      memory
        ? one('_MklNativeMaxPoolGrad', 'poolWithMemory', x, y, dy, memory)
        : one('MaxPoolGrad', 'pool', x, y, dy),
    upsample: ({ x }) => {
      const [, height = 0, width = 0] = x.shape;
      return one('ResizeNearestNeighbor', 'resize', x, shapeTensor([height * 2, width * 2]));
    },
    upsampleGrad: ({ dy }) => {
      const [, height = 0, width = 0] = dy.shape;
      return one('ResizeNearestNeighborGrad', 'resize', dy, shapeTensor([height / 2, width / 2]));
    },
    batchNorm: ({ x, scale, offset }, attrs) => {
      const values = x.size / (x.shape[3] ?? 1);
      const [y, mean, unbiased, a, b, c] = native.executeMultipleOutputs(
        'FusedBatchNormV3',
        lists.batchNorm(attrs['epsilon'] as number),
        [x, scale, offset, none, none],
        6,
      );
      // TensorFlow divides the variance by n − 1 (Bessel's correction); the batch normalisation needs n.
      const variance = then(unbiased, (value) => tf.mul(value, (values - 1) / values));
      return [y, mean, variance, a, b, c];
    },
    batchNormGrad: ({ dy, x, scale, a, b, c }, attrs) => {
      const [dx, dScale, dOffset, ...unused] = native.executeMultipleOutputs(
        'FusedBatchNormGradV3',
        lists.batchNorm(attrs['epsilon'] as number),
        [dy, x, scale, a, b, c],
        5,
      );
      tf.dispose(unused);
      return [dx, dScale, dOffset];
    },
  };
}
