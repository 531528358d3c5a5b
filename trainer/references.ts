/**
 * Running means and spreads of losses, with which a label's loss is compared. Each structure has two groups
 * of labels, the empty and the drawn ones, and a label is compared with its own group. For an empty label
 * always has another loss than a drawn one: a QAM that saw the difference would learn presence, not quality.
 */
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from './backends/types.ts';

/** The losses of a group's labels so far: their number, and the running mean and variance. */
interface Reference {
  count: number;
  mean: number;
  variance: number;
}

/** The share of the newest label in the running values; larger for a group's first 50 labels. */
const NEWEST = 0.02;
/** Keeps the division finite where a group's losses hardly differ. */
const SMALLEST_SPREAD = 1e-3;
/** While a group has fewer labels than this, its labels count as typical (standardised loss 0). */
const FEWEST = 4;

export class References {
  /** Two groups for each structure: its empty labels, then its drawn labels. */
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
   * The losses, minus the mean and divided by the spread of their group; 0 in a group with too few labels.
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

  /** @param state the result of `state()`; an empty array changes nothing */
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
