/**
 * Running means and spreads of the losses that a label is compared with. A label is compared with labels
 * of its structure that are empty, or drawn, as it is: an empty label always has another loss than a
 * drawn one, and a QAM that saw the difference would learn presence, not quality.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from './backends/types.ts';

/** A group's labels so far. */
interface Reference {
  count: number;
  mean: number;
  variance: number;
}

/** The share of the newest label in the running values, once a group has seen enough labels. */
const NEWEST = 0.02;
/** Keeps the division finite where a group's losses hardly differ. */
const SMALLEST_SPREAD = 1e-3;
/** A group with fewer labels than this is not compared: its labels count as typical. */
const FEWEST = 4;

export class References {
  /** Two for each structure: its empty labels, then its drawn labels. */
  readonly #groups: Reference[];

  constructor(structures: number) {
    this.#groups = Array.from({ length: 2 * structures }, () => ({
      count: 0,
      mean: 0,
      variance: 0,
    }));
  }

  /**
   * Takes the losses of a mini-batch, [batch · structures], into the running values.
   * @param drawn whether each label is drawn, [batch · structures]
   * @param present 0 for a label that does not count, [batch · structures]
   */
  observe(losses: Float32Array, drawn: readonly boolean[], present: ArrayLike<number>): void {
    losses.forEach((loss, at) => {
      if (present[at] === 0) return;
      const group = this.#groups[this.#groupOf(at, drawn[at])];
      group.count += 1;
      const share = Math.max(1 / group.count, NEWEST);
      const off = loss - group.mean;
      group.mean += share * off;
      group.variance = (1 - share) * (group.variance + share * off * off);
    });
  }

  /**
   * The losses in units of their group's spread around its mean; 0 in a group that has seen too few.
   * @param losses [batch, structures], held constant by the caller
   * @param drawn whether each label is drawn, [batch · structures]
   */
  standardise(tf: Tf, losses: Tensor2D, drawn: readonly boolean[]): Tensor2D {
    const means = new Float32Array(drawn.length);
    const factors = new Float32Array(drawn.length);
    drawn.forEach((is, at) => {
      const { count, mean, variance } = this.#groups[this.#groupOf(at, is)];
      means[at] = mean;
      factors[at] = count < FEWEST ? 0 : 1 / Math.max(Math.sqrt(variance), SMALLEST_SPREAD);
    });
    const shape = losses.shape;
    return tf.mul(tf.sub(losses, tf.tensor2d(means, shape)), tf.tensor2d(factors, shape));
  }

  /** For checkpoints: count, mean and variance of every group. */
  state(): number[] {
    return this.#groups.flatMap(({ count, mean, variance }) => [count, mean, variance]);
  }

  /** @param state of `state()`; nothing happens for an empty one */
  load(state: readonly number[]): void {
    if (state.length === 0) return;
    this.#groups.forEach((group, index) => {
      [group.count, group.mean, group.variance] = state.slice(3 * index, 3 * index + 3);
    });
  }

  #groupOf(at: number, drawn: boolean): number {
    const structures = this.#groups.length / 2;
    return 2 * (at % structures) + (drawn ? 1 : 0);
  }
}
