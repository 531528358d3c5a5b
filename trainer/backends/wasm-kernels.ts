/** Faster kernels for the `wasm` backend: sums, filter gradients, splitting channels. */
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { call, channels, composedKernels, conv } from './composed-kernels.ts';
import type { Kernel } from './composed-kernels.ts';
import { tf } from './core.ts';
import type { KernelKey } from './types.ts';
import { withView } from './wasm-memory.ts';

/**
 * The sum over each channel, times `factor`, computed by average pooling over whole images. The backend's
 * own sums are naive loops, eight times slower.
 */
function channelSums(x: Tensor, factor = 1): Tensor1D {
  const [batch, height, width, count] = x.shape as [number, number, number, number];
  const means = tf.avgPool(x as Tensor4D, [height, width], 1, 'valid');
  return tf.mul(tf.sum(tf.reshape(means, [batch, count]), 0), height * width * factor);
}

/**
 * Gradient of a filter [kh, kw, in, out]. x is zero-padded and stored by planes, [in,
 * batch·height·width]; dy is zero-padded to the same grid, [batch·height·width, out]. The
 * gradient of each tap of the filter is then one matrix product of dy with x, where x is shifted by a number
 * of floats that depends on the tap. Where a shifted row of x runs into the next row, dy is zero.
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, shape: number[]): Tensor {
  const [kh, kw, inputs, outputs] = shape as [number, number, number, number];
  const [batch, height, width] = x.shape;
  const [top, left] = [(kh - 1) / 2, (kw - 1) / 2];
  const cells = batch * (height + 2 * top) * (width + 2 * left);
  const columns = width + 2 * left;
  // Adds a channel of zeros at the end: the shifted view of the last channel reads into it.
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

export const wasmKernels: Readonly<Record<KernelKey, Kernel>> = composedKernels({
  channelSums,
  filterGradient,
});

const selections = new Map<string, Tensor>();

/** A 1×1 filter that selects `size` channels of `from`, starting at `begin`. */
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
 * Splits along the channels (the gradient of a concatenation). The backend copies pixel by pixel; a
 * convolution that picks channels is fifteen times as fast.
 */
export function splitChannels(x: Tensor, sizes: readonly number[]): Tensor[] {
  let begin = 0;
  return sizes.map((size) => {
    const part = conv(x, selection(channels(x), begin, size), null, false);
    begin += size;
    return part;
  });
}
