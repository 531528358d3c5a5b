/**
 * Reads from a run's records how the QAM changes the loss during a training (figure 4 of the
 * Pick-and-Learn paper).
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { knownMean } from '../../models/statistics.ts';
import { EpochScores } from '../../trainer/messages.ts';

/** A mean over the clean training cases and one over the damaged cases; null if there are no such cases. */
const Pair = z.object({ clean: z.number().nullable(), damaged: z.number().nullable() });

export const EpochCurve = z.object({
  epoch: z.number().int().positive(),
  /** `loss` is the dice loss; `weighted` is the dice loss times the weight of the case. */
  loss: Pair,
  weighted: Pair,
  /** The weight of a case times the batch size, so 1 if all cases have the same weight. */
  weight: Pair,
  /** 5 and 95 % quantiles of the weights of all cases. */
  spread: z.tuple([z.number(), z.number()]),
});
export type EpochCurve = z.infer<typeof EpochCurve>;

/**
 * The value at place ⌊share·n⌋ of the n sorted values, not interpolated, so that recorded results stay
 * the same; 1 if there is no value.
 */
function orderStatistic(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 1;
}

/** Reads `scores.jsonl`, which has a line for each epoch and then a line for the averaged networks. */
export async function readEpochScores(file: string): Promise<EpochScores[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => EpochScores.parse(JSON.parse(line)));
}

/**
 * @param isDamaged for each case of the sample set, whether a label of the case is damaged; null if it is
 *   not a training case
 */
export function epochCurves(
  epochs: readonly EpochScores[],
  isDamaged: readonly (boolean | null)[],
): EpochCurve[] {
  return epochs
    .filter(({ averaged }) => !averaged)
    .map(({ epoch, losses, weights }) => {
      const known = isDamaged.flatMap((damaged, i) => {
        const [loss, weight] = [losses[i], weights[i]];
        return damaged === null || loss === null || weight === null
          ? []
          : [{ damaged, loss, weight }];
      });
      const pair = (valueOf: (one: { loss: number; weight: number }) => number) => ({
        clean: knownMean(known.filter((one) => !one.damaged).map(valueOf)),
        damaged: knownMean(known.filter((one) => one.damaged).map(valueOf)),
      });
      const all = known.map(({ weight }) => weight);
      return {
        epoch,
        loss: pair(({ loss }) => loss),
        weighted: pair(({ loss, weight }) => loss * weight),
        weight: pair(({ weight }) => weight),
        spread: [orderStatistic(all, 0.05), orderStatistic(all, 0.95)],
      };
    });
}

/**
 * Averages the dice loss of each label over the epochs of the training.
 * @returns the losses of the labels for each case of the sample set; null for a case that was in no batch,
 *   and null instead of the list if the run did not record the loss of each label
 */
export function averagedLabelLosses(epochs: readonly EpochScores[]): (number[] | null)[] | null {
  const training = epochs.filter(({ averaged }) => !averaged);
  const cases = training[0]?.losses.length ?? 0;
  if (training.some(({ labelLosses }) => labelLosses === undefined)) return null;
  return Array.from({ length: cases }, (_, i) => {
    const seen = training.flatMap(({ labelLosses }) => {
      const own = labelLosses?.[i] ?? null;
      return own === null ? [] : [own];
    });
    return seen.length === 0
      ? null
      : seen[0].map((_, s) => knownMean(seen.map((own) => own[s])) ?? 0);
  });
}
