import { beforeAll, describe, expect, it } from 'vitest';
import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { openBackend } from '../../trainer/backends/index.ts';
import {
  constant,
  diceCrossEntropyLosses,
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

describe('the loss that the segmenter learns from', () => {
  const shares = (): ReturnType<Tf['tensor1d']> => tf.tensor1d([0.25]);
  const lossOf = (of: ReturnType<typeof p>, label: ReturnType<typeof p>): number[] =>
    numbers(diceCrossEntropyLosses(tf, diceLosses(tf, of, label), of, label, shares()));

  it('is half the dice loss and half the cross-entropy over twice the drawn area', () => {
    const [drawn, empty] = lossOf(p(), y());
    const entropy = -(2 * Math.log(0.9) + 2 * Math.log(0.8)) / 4;
    expect(drawn).toBeCloseTo(0.5 * (1 - 4.4 / 5) + (0.5 * entropy) / 0.5, 5);
    expect(empty).toBeCloseTo(0.5 * (1 - 1 / 3) + (0.5 * Math.log(2)) / 0.5, 5);
  });

  it('pulls every pixel of an empty label down, and a drawn label up, from a faint prediction', () => {
    const faint = tf.fill<Rank.R4>([1, 16, 16, 1], 0.02);
    const label = tf.tensor4d(
      Float32Array.from({ length: 256 }, (_, pixel) => (pixel < 64 ? 1 : 0)),
      [1, 16, 16, 1],
    );
    const slope = (given: typeof faint): number[] =>
      numbers(
        tf.grad((of) =>
          diceCrossEntropyLosses(
            tf,
            diceLosses(tf, of as typeof faint, given),
            of as typeof faint,
            given,
            shares(),
          ),
        )(faint),
      );
    const [drawn, empty] = [slope(label), slope(tf.zerosLike(label))];
    expect(empty.every((value) => value > 0)).toBe(true);
    // One drawn image outweighs ten empty ones, so it is worth drawing something.
    expect(drawn[0] + 10 * empty[0]).toBeLessThan(0);
    expect(drawn[255]).toBeGreaterThan(0);
    const dice = (given: typeof faint): number =>
      numbers(tf.grad((of) => diceLosses(tf, of as typeof faint, given))(faint))[0];
    // With the dice loss alone it is better to draw nothing.
    expect(dice(label) + 10 * dice(tf.zerosLike(label))).toBeGreaterThan(0);
  });

  it('costs nothing where an empty label is predicted as empty', () => {
    const nothing = tf.zeros<Rank.R4>([1, 4, 4, 1]);
    expect(lossOf(nothing, nothing)[0]).toBeCloseTo(0, 5);
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
