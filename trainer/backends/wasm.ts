/**
 * The `wasm` backend: works on every machine. tfjs' WebAssembly backend is made for inference; the
 * gradient kernels that it lacks, or has in a slow or wrong form, are composed here of its fast ones.
 */
import { availableParallelism } from 'node:os';
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from './core.ts';
import { primitives } from './primitives.ts';
import { KERNELS } from './types.ts';
import type { Backend, KernelKey } from './types.ts';
import { registerWasm } from './wasm-module.ts';

type Inputs = Record<string, Tensor>;
type Kernel = (inputs: Inputs, attrs: Record<string, unknown>) => Tensor | Tensor[];

function conv(x: Tensor, filter: Tensor, bias: Tensor | null, relu: boolean): Tensor {
  return tf.engine().runKernel('FusedConv2D', bias ? { x, filter, bias } : { x, filter }, {
    strides: [1, 1],
    pad: 'same',
    dataFormat: 'NHWC',
    dilations: [1, 1],
    dimRoundingMode: undefined as unknown as string,
    activation: relu ? 'relu' : 'linear',
  });
}

/**
 * Gradient of a filter [k, k, in, out]: x is padded and made planar ([in, batch·height·width]), dy is
 * zero-padded to the same grid ([batch·height·width, out]); each tap of the filter is then one matrix
 * product of a shifted view of x.
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, shape: number[]): Tensor {
  const [kh, kw, channels, outputs] = shape as [number, number, number, number];
  const [batch, height, width] = x.shape;
  const top = (kh - 1) / 2;
  const left = (kw - 1) / 2;
  if (kh === 1 && kw === 1) {
    const flat = tf.reshape(x, [-1, channels]);
    return tf.reshape(tf.matMul(flat, tf.reshape(dy, [-1, outputs]), true), shape);
  }
  const [rows, columns] = [height + 2 * top, width + 2 * left];
  const cells = batch * rows * columns;
  const reach = (kh - 1) * columns + (kw - 1);
  const planar = tf.pad(tf.transpose(x, [3, 0, 1, 2]), [
    [0, 0],
    [0, 0],
    [top, top],
    [left, left],
  ]);
  const grid = tf.pad(tf.reshape(planar, [channels, cells]), [
    [0, 0],
    [0, reach],
  ]);
  const spread = tf.pad(dy, [
    [0, 0],
    [0, 2 * top],
    [0, 2 * left],
    [0, 0],
  ]);
  const flat = tf.reshape(spread, [cells, outputs]);
  const taps: Tensor[] = [];
  for (let i = 0; i < kh; i += 1) {
    for (let j = 0; j < kw; j += 1) {
      const view = tf.slice(grid, [0, i * columns + j], [channels, cells]);
      taps.push(tf.matMul(view, flat));
      view.dispose();
    }
  }
  return tf.reshape(tf.stack(taps), shape);
}

/** 2×2 blocks of y's pixels, each filled with its pixel. */
function spread2x2(y: Tensor4D): Tensor4D {
  return tf.image.resizeNearestNeighbor(y, [y.shape[1] * 2, y.shape[2] * 2]);
}

/** Sum over 2×2 blocks. */
function blockSum(x: Tensor4D): Tensor4D {
  return tf.mul(tf.avgPool(x, 2, 2, 'valid'), 4);
}

const kernels: Record<KernelKey, Kernel> = {
  conv: ({ x, filter, bias }, attrs) => conv(x, filter, bias ?? null, attrs['relu'] === true),
  convInputGrad: ({ dy, filter }) =>
    conv(dy, tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]), null, false),
  convFilterGrad: ({ x, dy }, attrs) =>
    filterGradient(x as Tensor4D, dy as Tensor4D, attrs['shape'] as number[]),
  biasGrad: ({ dy }) => tf.sum(dy, [0, 1, 2]),
  relu: ({ x }) => tf.relu(x),
  reluGrad: ({ dy, y }) => tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')),
  maxPool: ({ x }) => [tf.maxPool(x as Tensor4D, 2, 2, 'valid')],
  maxPoolGrad: ({ dy, x, y }) => maxPoolGradient(dy as Tensor4D, x as Tensor4D, y as Tensor4D),
  upsample: ({ x }) => spread2x2(x as Tensor4D),
  upsampleGrad: ({ dy }) => blockSum(dy as Tensor4D),
  batchNorm: ({ x, scale, offset }, attrs) => {
    const mean = tf.mean(x, [0, 1, 2]);
    const variance = tf.mean(tf.squaredDifference(x, mean), [0, 1, 2]);
    const epsilon = attrs['epsilon'] as number;
    const y = tf.batchNorm4d(
      x as Tensor4D,
      mean as Tensor1D,
      variance as Tensor1D,
      offset as Tensor1D,
      scale as Tensor1D,
      epsilon,
    );
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    return [y, mean, variance, tf.clone(mean), inverse, tf.scalar(0)];
  },
  /** Formula: Ioffe and Szegedy 2015, section 3, collected per channel. */
  batchNormGrad: ({ dy, x, scale, a: mean, b: inverse }) => {
    const values = x.size / (x.shape[3] ?? 1);
    const dOffset = tf.sum(dy, [0, 1, 2]);
    const dScale = tf.mul(tf.sub(tf.sum(tf.mul(dy, x), [0, 1, 2]), tf.mul(dOffset, mean)), inverse);
    const factor = tf.mul(scale, inverse);
    // dx = factor·(dy − dOffset/n − (x − mean)·inverse·dScale/n)
    const slope = tf.mul(tf.mul(inverse, dScale), -1 / values);
    const shift = tf.neg(tf.add(tf.mul(dOffset, 1 / values), tf.mul(slope, mean)));
    const dx = tf.add(
      tf.mul(dy, factor),
      tf.add(tf.mul(x, tf.mul(slope, factor)), tf.mul(shift, factor)),
    );
    return [dx, dScale, dOffset];
  },
};

/** The whole gradient of a window goes to the first of its pixels that is the maximum. */
function maxPoolGradient(dy: Tensor4D, x: Tensor4D, y: Tensor4D): Tensor4D {
  const [batch, height, width, channels] = y.shape;
  // [batch·height, 2, width, 2·channels]: the four pixels of a window are strided slices of it.
  const rows = tf.reshape(x, [batch * height, 2, width, 2 * channels]);
  const flatY = tf.reshape(y, [batch * height, 1, width, channels]);
  const flatDy = tf.reshape(dy, flatY.shape);
  let free: Tensor | null = null;
  const parts: Tensor[][] = [[], []];
  for (const row of [0, 1]) {
    for (const column of [0, 1]) {
      const pixel = tf.slice(
        rows,
        [0, row, 0, column * channels],
        [batch * height, 1, width, channels],
      );
      const equal = tf.cast(tf.equal(pixel, flatY), 'float32');
      const chosen: Tensor = free === null ? equal : tf.mul(equal, free);
      free = free === null ? tf.sub(1, equal) : tf.sub(free, chosen);
      parts[row].push(tf.mul(flatDy, chosen));
    }
  }
  const rowsOf = parts.map((pair) => tf.concat(pair, 3));
  return tf.reshape(tf.concat(rowsOf, 1), x.shape);
}

/**
 * Starts the WebAssembly backend; `threads` is at most the processors and at most 8.
 * @throws Error in one sentence when WebAssembly cannot be started.
 */
export async function openWasm(threads = Math.min(8, availableParallelism())): Promise<Backend> {
  if (!tf.engine().registryFactory['wasm'] || tf.getKernel(KERNELS.conv, 'wasm') === undefined) {
    await registerWasm(threads);
    for (const [key, kernel] of Object.entries(kernels)) {
      tf.registerKernel({
        kernelName: KERNELS[key as KernelKey],
        backendName: 'wasm',
        kernelFunc: ({ inputs, attrs }) => tf.tidy(() => kernel(inputs as Inputs, attrs ?? {})),
      });
    }
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly refused to start.');
  return {
    name: 'wasm',
    device: `WebAssembly, CPU (${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    ...primitives(),
    dispose: () => undefined,
  };
}
