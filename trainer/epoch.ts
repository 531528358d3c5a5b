/** Trains for one epoch: one pass over the training cases. */
import type { SampleSet } from '../models/sampleset.ts';
import { mean } from '../models/statistics.ts';
import { augmentation } from './augment.ts';
import type { Augment } from './augment.ts';
import { disposeBatch, epochOrder, readBatch } from './batches.ts';
import type { Learner } from './learner.ts';
import type { Tf } from './backends/types.ts';
import type { TrainConfig } from './messages.ts';
import { pairSeed } from './pair.ts';

/** The measurements of one pass over the training cases. */
export interface Pass {
  /** Plain dice loss of each case of the sample set; null for a case that was in no batch. */
  readonly losses: (number | null)[];
  /** By case, the soft dice loss of each label; null for a case that was in no batch. */
  readonly labelLosses: (number[] | null)[];
  /** By case, its weight times the batch size; null for a case that was in no batch. */
  readonly weights: (number | null)[];
  /** Mean over the steps of the weighted loss Σ w·L. */
  readonly weightedLoss: number;
  /** By structure, the mean soft dice of the drawn labels that count; null if there is none. */
  readonly trainDice: (number | null)[];
}

/** Called after every step with the batch's mean plain dice loss and the duration of the step. */
export type OnStep = (step: number, loss: number, milliseconds: number) => void;

/**
 * Trains one epoch.
 * @param say the QAM's say, see `Learner.step`
 * @param gate awaited before every step; an error that it throws ends the epoch
 * @throws Error whose message is one sentence when the loss is no longer a number
 */
export async function teach(
  tf: Tf,
  learner: Learner,
  set: SampleSet,
  batches: readonly (readonly number[])[],
  say: number,
  augment: Augment | undefined,
  gate: () => Promise<void>,
  onStep: OnStep,
): Promise<Pass> {
  const { cases, structures } = set.manifest;
  const losses: (number | null)[] = cases.map(() => null);
  const weights: (number | null)[] = cases.map(() => null);
  const labelLosses: (number[] | null)[] = cases.map(() => null);
  const byStructure = structures.map((): number[] => []);
  let weighted = 0;
  for (const [index, indices] of batches.entries()) {
    await gate();
    const start = performance.now();
    const batch = await readBatch(tf, set, indices, augment);
    const result = await learner.step(batch, say);
    disposeBatch(batch);
    indices.forEach((one, slot) => {
      losses[one] = result.losses[slot];
      weights[one] = result.weights[slot];
      const from = slot * structures.length;
      const own = [...result.labelLosses.subarray(from, from + structures.length)];
      labelLosses[one] = own.map((value) => Number(value.toFixed(5)));
      cases[one].present.forEach((present, structure) => {
        if (present && result.drawn[from + structure]) byStructure[structure].push(own[structure]);
      });
    });
    weighted += result.weightedLoss;
    const loss = mean(result.losses);
    if (!Number.isFinite(loss)) {
      throw new Error(`The loss is no longer a number: train again with a smaller learning rate.`);
    }
    onStep(index + 1, loss, performance.now() - start);
  }
  return {
    losses,
    labelLosses,
    weights,
    weightedLoss: weighted / batches.length,
    trainDice: byStructure.map((values) => (values.length > 0 ? 1 - mean(values) : null)),
  };
}

/** The mini-batches and the augmentation of an epoch; both depend only on seed and epoch. */
export function planEpoch(
  set: SampleSet,
  cases: readonly number[],
  batchSize: number,
  config: TrainConfig,
  epoch: number,
): { batches: number[][]; augment: Augment | undefined } {
  const { width, height, structures } = set.manifest;
  const seed = pairSeed(config);
  return {
    batches: epochOrder(cases, batchSize, seed, epoch),
    augment: config.augment
      ? augmentation(width, height, structures.length, seed, epoch)
      : undefined,
  };
}
