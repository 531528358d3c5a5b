import { beforeAll, describe, expect, it } from 'vitest';
import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { openBackend } from '../../trainer/backends/index.ts';
import {
  constant,
  ocm,
  perCase,
  plainObjective,
  sizeNeutralLoss,
  diceLosses,
} from '../../trainer/losses.ts';
import type { Tf } from '../../trainer/backends/types.ts';
import { ocmWeights } from './ocm.ts';

let tf: Tf;
beforeAll(async () => {
  tf = (await openBackend('wasm', () => undefined)).tf;
});

const numbers = (tensor: Tensor): number[] => [...tensor.dataSync()];
// Predictions `p` and labels `y` of two cases with 2 × 2 pixels and one structure.
const p = (): ReturnType<Tf['tensor4d']> =>
  tf.tensor4d([0.9, 0.8, 0.1, 0.2, 0.5, 0.5, 0.5, 0.5], [2, 2, 2, 1]);
const y = (): ReturnType<Tf['tensor4d']> => tf.tensor4d([1, 1, 0, 0, 0, 0, 0, 0], [2, 2, 2, 1]);

describe('the soft dice loss', () => {
  it('is 1 − (2 Σ p·y + 1) / (Σ p + Σ y + 1)', () => {
    const [first, second] = numbers(diceLosses(tf, p(), y()));
    expect(first).toBeCloseTo(1 - (2 * 1.7 + 1) / (2 + 2 + 1), 6);
    expect(second).toBeCloseTo(1 - 1 / 3, 6);
  });

  it('is 0 where nothing is drawn and nothing is predicted', () => {
    const nothing = tf.zeros<Rank.R4>([1, 4, 4, 1]);
    expect(numbers(diceLosses(tf, nothing, nothing))[0]).toBeCloseTo(0, 6);
  });
});

describe('the size-neutral loss', () => {
  it('is the mean cross-entropy over twice the structure’s area share', () => {
    const [first] = numbers(sizeNeutralLoss(tf, p(), y(), tf.tensor1d([0.25])));
    const entropy = -(Math.log(0.9) + Math.log(0.8) + Math.log(0.9) + Math.log(0.8)) / 4;
    expect(first).toBeCloseTo(entropy / 0.5, 5);
  });

  it('stays finite for predictions of exactly 0 and 1', () => {
    const sure = tf.tensor4d([0, 1, 0, 1], [1, 2, 2, 1]);
    const wrong = tf.tensor4d([1, 0, 1, 0], [1, 2, 2, 1]);
    expect(numbers(sizeNeutralLoss(tf, sure, wrong, tf.tensor1d([0.5])))[0]).toBeLessThan(20);
  });
});

describe('the loss of a case', () => {
  it('is the mean over the labels that count, and 0 without any', () => {
    const losses = tf.tensor2d([0.2, 0.6, 0.4, 0.9, 0.5, 0.5], [3, 2]);
    const present = tf.tensor2d([1, 1, 1, 0, 0, 0], [3, 2]);
    const values = numbers(perCase(tf, losses, present));
    [0.4, 0.4, 0].forEach((value, index) => expect(values[index]).toBeCloseTo(value, 6));
  });
});

describe('the OCM', () => {
  const scores = [-3, -0.4, 0.1, 2];

  it.each(['tanh-softmax', 'softmax', 'tanh', 'none'] as const)(
    'agrees with plain numbers: %s',
    (kind) => {
      const ours = numbers(ocm(tf, tf.tensor1d(scores), kind, 2));
      ocmWeights(scores, kind, 2).forEach((weight, index) =>
        expect(ours[index]).toBeCloseTo(weight, 5),
      );
    },
  );

  it('makes weights that sum to one and favours the higher score', () => {
    const weights = ocmWeights([-1, 0, 1], 'tanh-softmax', 2);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights[2]).toBeGreaterThan(weights[1]);
  });

  it('gives one sample at most e^(2λ) times the weight of another', () => {
    const [low, high] = ocmWeights([-100, 100], 'tanh-softmax', 2);
    expect(high / low).toBeCloseTo(Math.exp(4), 6);
  });

  it('ignores a common offset of the scores with softmax alone', () => {
    const a = ocmWeights([0.1, 0.5, -0.3], 'softmax', 2);
    const b = ocmWeights([5.1, 5.5, 4.7], 'softmax', 2);
    a.forEach((weight, index) => expect(weight).toBeCloseTo(b[index], 12));
  });

  it('weighs each structure over the batch by itself', () => {
    const both = numbers(ocm(tf, tf.tensor2d([scores, [0, 0, 0, 0]]), 'tanh-softmax', 2));
    ocmWeights(scores, 'tanh-softmax', 2).forEach((weight, index) =>
      expect(both[index]).toBeCloseTo(weight, 5),
    );
    expect(both.slice(4)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

describe('the plain objective', () => {
  it('is 0 for scores that predict the loss, and has no gradient for the loss', () => {
    const losses = tf.tensor1d([0.1, 0.2, 0.6]);
    const told = [0.2, 0.1, -0.3].map((off) => off / Math.sqrt(0.14 / 3));
    expect(numbers(plainObjective(tf, tf.tensor1d(told), losses))[0]).toBeCloseTo(0, 4);
    expect(numbers(plainObjective(tf, tf.tensor1d([0, 0, 0]), losses))[0]).toBeCloseTo(1, 4);
    const gradients = tf.grads((scores, plain) =>
      plainObjective(tf, scores as typeof losses, plain as typeof losses),
    )([tf.tensor1d([1, 0, -1]), losses]);
    expect(numbers(gradients[0]).some((value) => value !== 0)).toBe(true);
    expect(numbers(gradients[1])).toEqual([0, 0, 0]);
  });

  it('is computed structure by structure', () => {
    const losses = tf.tensor2d([0.1, 8, 0.3, 2], [2, 2]);
    const scores = tf.tensor2d([1, -1, -1, 1], [2, 2]);
    expect(numbers(plainObjective(tf, scores, losses))[0]).toBeCloseTo(0, 3);
  });
});

describe('a constant', () => {
  it('keeps its value and lets no gradient through', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const gradient = tf.grad((input) => tf.sum(tf.mul(constant(tf, input), input)))(x);
    // d/dx (c·x) = c with c held constant; without `constant` it would be 2x.
    expect(numbers(gradient)).toEqual([1, 2, 3]);
  });
});
