/**
 * Measures how good the expected dice of the training labels is: compares it with their dice with the true
 * masks. The calibration, which gives the expected dice, never sees the true masks.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { labelKey } from '../contract/label-key.ts';
import { calibrate, trustedLabels } from '../ranking/calibrate.ts';
import { expectedDice } from '../ranking/calibration.ts';
import type { Calibration } from '../ranking/calibration.ts';
import { openNetworks } from '../scoring/networks.ts';
import { plantErrors } from '../scoring/plant.ts';
import type { LabelScore } from '../store/types.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import type { SampleSet } from '../../models/sampleset.ts';
import { knownMean } from '../../models/statistics.ts';
import { ERROR_LEVELS, errorDice } from '../ranking/error-dice.ts';

const Group = z.object({
  labels: z.number().int(),
  /** Mean of |expected dice − true dice|; null without labels. */
  error: z.number().nullable(),
  /** Share of labels whose true dice lies in the 90 % interval of the expected dice; null without labels. */
  covered: z.number().nullable(),
});

export const ExpectedFigures = z.object({
  all: Group,
  /** The labels whose true dice is below the reader noise (`errorDice`). */
  wrong: Group,
  /** The labels with a true dice below each of `ERROR_LEVELS`; missing in results of earlier versions. */
  levels: z.array(Group.extend({ below: z.number() })).optional(),
  /** How many of the labels that the calibration takes as right are wrong. */
  misplaced: z.number().int(),
  trusted: z.number().int(),
});
export type ExpectedFigures = z.infer<typeof ExpectedFigures>;

interface Told {
  readonly structure: string;
  readonly truth: number;
  readonly dice: number;
  readonly low: number;
  readonly high: number;
}

function groupOf(told: readonly Told[]): z.infer<typeof Group> {
  return {
    labels: told.length,
    error: knownMean(told.map(({ truth, dice }) => Math.abs(truth - dice))),
    // The interval includes its ends.
    covered: knownMean(
      told.map(({ truth, low, high }) => (truth >= low - 1e-9 && truth <= high + 1e-9 ? 1 : 0)),
    ),
  };
}

/** The calibration of a cell's scores, and the keys of the labels that the calibration took as right. */
export interface CellCalibration {
  readonly calibration: Calibration;
  readonly trusted: ReadonlySet<string>;
}

/**
 * Plants errors on the trusted labels and calibrates the scores, as the application does.
 * @param folder the folder of the networks
 */
export async function calibrateCell(
  set: SampleSet,
  folder: string,
  scores: readonly LabelScore[],
  signal?: AbortSignal,
): Promise<CellCalibration> {
  const trusted = trustedLabels(scores);
  const networks = await openNetworks(
    join(folder, RUN_FILES.qam),
    join(folder, RUN_FILES.segmenter),
  );
  try {
    const planted = await plantErrors(networks, { set, trusted, signal });
    return { calibration: calibrate(scores, trusted, planted), trusted };
  } finally {
    await networks.close();
  }
}

/**
 * Compares the expected dice with the true dice.
 * @param truth the dice of each training label with its true mask, by the label's key
 */
export function expectedFigures(
  scores: readonly LabelScore[],
  { calibration, trusted }: CellCalibration,
  truth: ReadonlyMap<string, number>,
): ExpectedFigures {
  const diceOf = ({ case: id, structure }: LabelScore): number =>
    truth.get(labelKey(id, structure)) ?? 1;
  const isWrong = (dice: number, structure: string): boolean => dice < errorDice(structure);
  const told = scores.flatMap((score): Told[] => {
    const expected = expectedDice(calibration, score);
    const { structure } = score;
    return expected ? [{ structure, truth: diceOf(score), ...expected }] : [];
  });
  return {
    all: groupOf(told),
    wrong: groupOf(told.filter((one) => isWrong(one.truth, one.structure))),
    levels: ERROR_LEVELS.map((below) => ({
      below,
      ...groupOf(told.filter(({ truth: own }) => own < below)),
    })),
    misplaced: scores.filter(
      (score) =>
        trusted.has(labelKey(score.case, score.structure)) &&
        isWrong(diceOf(score), score.structure),
    ).length,
    trusted: trusted.size,
  };
}
