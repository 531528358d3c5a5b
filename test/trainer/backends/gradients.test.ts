import type { Rank, Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openOnly } from '../../../trainer/backends/index.ts';
import type { Backend } from '../../../trainer/backends/index.ts';
import { BACKEND_ORDER } from '../../../trainer/messages.ts';
import * as reference from './reference.ts';
import type { Plane } from './reference.ts';

const EPSILON = 1e-3;

/** Pseudo-random values in −1 … 1, no two alike. */
function noise(seed: number): (index: number) => number {
  let state = seed * 7919 + 17;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
const random = (seed: number, ...shape: number[]): Plane => reference.plane(shape, noise(seed));

interface Case {
  readonly name: string;
  readonly inputs: readonly Plane[];
  readonly ours: (b: Backend, inputs: Tensor[]) => Tensor;
  readonly theirs: (inputs: readonly Plane[]) => Plane;
}

const CASES: readonly Case[] = [
  {
    name: 'convolution 3×3 with bias',
    inputs: [random(1, 2, 5, 6, 3), random(2, 3, 3, 3, 4), random(3, 4)],
    ours: (b, [x, f, bias]) => b.conv2d(x as Tensor4D, f as Tensor4D, bias as Tensor1D),
    theirs: ([x, f, bias]) => reference.conv(x, f, bias),
  },
  {
    name: 'convolution 3×3 of one channel, without bias',
    inputs: [random(4, 3, 4, 4, 1), random(5, 3, 3, 1, 2)],
    ours: (b, [x, f]) => b.conv2d(x as Tensor4D, f as Tensor4D, null),
    theirs: ([x, f]) => reference.conv(x, f, null),
  },
  {
    name: 'convolution 1×1',
    inputs: [random(6, 2, 4, 4, 5), random(7, 1, 1, 5, 3), random(8, 3)],
    ours: (b, [x, f, bias]) => b.conv2d(x as Tensor4D, f as Tensor4D, bias as Tensor1D),
    theirs: ([x, f, bias]) => reference.conv(x, f, bias),
  },
  {
    name: 'convolution with ReLU',
    inputs: [random(9, 2, 4, 4, 3), random(10, 3, 3, 3, 4), random(11, 4)],
    ours: (b, [x, f, bias]) => b.conv2d(x as Tensor4D, f as Tensor4D, bias as Tensor1D, 'relu'),
    theirs: ([x, f, bias]) => reference.relu(reference.conv(x, f, bias)),
  },
  {
    name: 'ReLU',
    inputs: [random(12, 2, 3, 4, 5)],
    ours: (b, [x]) => b.relu(x),
    theirs: ([x]) => reference.relu(x),
  },
  {
    name: 'max pooling',
    inputs: [random(13, 3, 4, 6, 2)],
    ours: (b, [x]) => b.maxPool2x2(x as Tensor4D),
    theirs: ([x]) => reference.maxPool(x),
  },
  {
    name: 'max pooling where every maximum is below zero',
    inputs: [reference.map(random(14, 2, 4, 4, 3), (value) => value - 2)],
    ours: (b, [x]) => b.maxPool2x2(x as Tensor4D),
    theirs: ([x]) => reference.maxPool(x),
  },
  {
    name: 'up-sampling of several images',
    inputs: [random(15, 3, 2, 3, 4)],
    ours: (b, [x]) => b.upsample2x(x as Tensor4D),
    theirs: ([x]) => reference.upsample(x),
  },
  {
    name: 'batch normalisation by the batch',
    inputs: [random(16, 3, 4, 4, 3), random(17, 3), random(18, 3)],
    ours: (b, [x, s, o]) =>
      b.batchNormTrain(x as Tensor4D, s as Tensor1D, o as Tensor1D, EPSILON).y,
    theirs: ([x, s, o]) => reference.batchNorm(x, s, o, EPSILON),
  },
  {
    name: 'a small U-Net',
    inputs: [
      random(20, 2, 4, 4, 1),
      random(21, 3, 3, 1, 3),
      random(22, 3),
      random(23, 3, 3, 3, 4),
      random(24, 4),
      random(25, 4),
      random(26, 3, 3, 4, 3),
      random(27, 3),
      random(28, 1, 1, 6, 2),
      random(29, 2),
    ],
    ours: (b, [x, f1, b1, f2, s, o, f3, b3, f4, b4]) => {
      const skip = b.conv2d(x as Tensor4D, f1 as Tensor4D, b1 as Tensor1D, 'relu');
      const below = b.conv2d(b.maxPool2x2(skip), f2 as Tensor4D, null);
      const { y } = b.batchNormTrain(below, s as Tensor1D, o as Tensor1D, EPSILON);
      const wide = b.upsample2x(b.relu(y));
      const up = b.conv2d(wide, f3 as Tensor4D, b3 as Tensor1D, 'relu');
      const joined = b.tf.concat4d([skip, up], 3);
      return b.tf.sigmoid(b.conv2d(joined, f4 as Tensor4D, b4 as Tensor1D));
    },
    theirs: ([x, f1, b1, f2, s, o, f3, b3, f4, b4]) => {
      const skip = reference.relu(reference.conv(x, f1, b1));
      const below = reference.conv(reference.maxPool(skip), f2, null);
      const wide = reference.upsample(reference.relu(reference.batchNorm(below, s, o, EPSILON)));
      const up = reference.relu(reference.conv(wide, f3, b3));
      return reference.sigmoid(reference.conv(reference.concat(skip, up), f4, b4));
    },
  },
];

/**
 * For each test case: the reference's result, random weights for the values of the result (`direction`),
 * and the gradients of their weighted sum. They are computed once for all backends.
 */
const answers = new Map<Case, { expected: Plane; direction: Plane; slopes: Float64Array[] }>();
function answer(one: Case) {
  const known = answers.get(one);
  if (known) return known;
  const expected = one.theirs(one.inputs);
  const direction = random(99, ...expected.shape);
  const slopes = reference.gradients(
    (inputs) => reference.dot(one.theirs(inputs), direction),
    one.inputs,
  );
  const made = { expected, direction, slopes };
  answers.set(one, made);
  return made;
}

/** The largest difference, divided by the reference's largest absolute value (1e-3 at least). */
function distance(ours: ArrayLike<number>, theirs: Float64Array): number {
  expect(ours.length).toBe(theirs.length);
  const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  return theirs.reduce((most, v, i) => Math.max(most, Math.abs(v - ours[i])), 0) / largest;
}

for (const name of BACKEND_ORDER) {
  const backend = await openOnly(name).catch((error: Error) => error);
  if (backend instanceof Error) {
    describe(name, () => {
      it.skip(`does not run here: ${backend.message}`);
    });
    continue;
  }
  const { tf } = backend;
  const tensor = ({ shape, data }: Plane): Tensor => tf.tensor(Float32Array.from(data), [...shape]);

  describe(name, () => {
    beforeAll(async () => {
      await tf.setBackend(name);
    });

    /**
     * Computes tensors, reads their values and frees them. WebGPU allows reading only outside of a
     * `tidy`.
     */
    const read = async (compute: () => Tensor[]): Promise<ArrayLike<number>[]> => {
      const tensors = tf.tidy(compute);
      const values = await Promise.all(tensors.map((one) => one.data()));
      tf.dispose(tensors);
      return values;
    };

    it.each(CASES)('$name: values and gradients agree with the reference', async (one) => {
      const { expected, direction, slopes } = answer(one);
      const [value, ...found] = await read(() => {
        const inputs = one.inputs.map(tensor);
        const y = one.ours(backend, inputs);
        expect(y.shape).toEqual(expected.shape);
        const loss = (...xs: Tensor[]): Tensor =>
          tf.sum(tf.mul(one.ours(backend, xs), tensor(direction)));
        return [y, ...tf.grads(loss)(inputs)];
      });
      expect(distance(value, expected.data)).toBeLessThan(1e-5);
      found.forEach((gradient, index) => {
        expect(distance(gradient, slopes[index])).toBeLessThan(1e-4);
      });
    });

    it('gives the mean and the biased variance of the batch', async () => {
      const x = random(30, 3, 4, 4, 3);
      const expected = reference.moments(x);
      const [mean, variance] = await read(() => {
        const given = tensor(x) as Tensor4D;
        const found = backend.batchNormTrain(given, tf.ones([3]), tf.zeros([3]), EPSILON);
        return [found.mean, found.variance];
      });
      expect(distance(mean, expected.mean)).toBeLessThan(1e-5);
      expect(distance(variance, expected.variance)).toBeLessThan(1e-5);
    });

    it('normalises by given statistics', async () => {
      const [x, scale, offset] = [random(31, 2, 3, 3, 4), random(32, 4), random(33, 4)];
      const [mean, spread] = [random(34, 4), reference.map(random(35, 4), (v) => v + 1.5)];
      const expected = reference.normalise(x, scale, offset, mean.data, spread.data, EPSILON);
      const [y] = await read(() => {
        const [s, o, m, v] = [scale, offset, mean, spread].map(tensor) as Tensor1D[];
        return [backend.batchNormInference(tensor(x) as Tensor4D, s, o, m, v, EPSILON)];
      });
      expect(distance(y, expected.data)).toBeLessThan(1e-5);
    });

    it('passes the gradient of a pooling window on once, even if its maxima are equal', async () => {
      const [windows] = await read(() => {
        const x = tf.ones<Rank.R4>([1, 4, 4, 2]);
        const gradient = tf.grad((y) => tf.sum(backend.maxPool2x2(y as Tensor4D)))(x);
        return [tf.mul(tf.avgPool(gradient as Tensor4D, 2, 2, 'valid'), 4)];
      });
      expect(Array.from(windows)).toEqual(new Array(8).fill(1));
    });

    it('splits the gradient of joined channels', async () => {
      const given = [random(40, 2, 3, 4, 5), random(41, 2, 3, 4, 2)];
      const [weights, joined] = await read(() => {
        const direction = tensor(random(42, 2, 3, 4, 7));
        const parts = tf.grads((x, y) =>
          tf.sum(tf.mul(tf.concat4d([x as Tensor4D, y as Tensor4D], 3), direction)),
        )(given.map(tensor));
        return [direction, tf.concat(parts, 3)];
      });
      expect(Array.from(joined)).toEqual(Array.from(weights));
    });

    it('sums the results of a comparison', async () => {
      const x = random(43, 2, 3, 4, 5);
      const [counts] = await read(() => {
        const above = tf.cast(tf.greater(tensor(x), 0), 'float32');
        return [tf.sum(above, [1, 2])];
      });
      const expected = new Array<number>(10).fill(0);
      x.data.forEach((value, index) => {
        if (value > 0) expected[Math.floor(index / 60) * 5 + (index % 5)] += 1;
      });
      expect(Array.from(counts)).toEqual(expected);
    });

    it('names the device that computes', () => {
      expect(backend.device).toMatch(/^(TensorFlow|WebAssembly|WebGPU)\b.*, \S/);
      expect(backend.device).not.toMatch(/\((-|0)/);
    });

    it('leaves no tensor behind, step after step', () => {
      const filter = tf.variable(tf.ones<Rank.R4>([3, 3, 2, 2]));
      const step = (): void =>
        tf.tidy(() => {
          const x = tf.ones<Rank.R4>([2, 4, 4, 2]);
          const loss = () =>
            tf.mean<Scalar>(
              backend.batchNormTrain(
                backend.upsample2x(backend.maxPool2x2(backend.conv2d(x, filter, null, 'relu'))),
                tf.ones([2]),
                tf.zeros([2]),
                EPSILON,
              ).y,
            );
          tf.variableGrads(loss);
        });
      step();
      const before = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) step();
      expect(tf.memory().numTensors).toBe(before);
      filter.dispose();
    });
  });
}
