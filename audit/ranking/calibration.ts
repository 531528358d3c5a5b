/**
 * Expresses the quality of a label in a unit that people understand: the dice that the label is expected
 * to have with the true mask, with an interval. `calibrate.ts` learns a few numbers for each structure
 * from planted errors; with these numbers this file turns a score into a dice.
 */
import { z } from 'zod';
import { mean } from '../../models/statistics.ts';
import type { ExpectedDice } from '../contract/terms.ts';
import type { OwnScore } from '../scoring/types.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';

const CohortCalibration = z.object({
  /** Centre and spread of the learned scores of the labels that this calibration is for. */
  learned: z.object({ centre: z.number(), scale: z.number().positive() }),
  /** One coefficient for each feature, in the order of `featuresOf`. */
  coefficients: z.array(z.number()),
  /**
   * Ascending values of the index (the sum of features times coefficients). `dice`, `low` and `high` have
   * one entry for each: the mean and the 5 and 95 % quantiles.
   */
  knots: z.array(z.number()).min(2),
  dice: z.array(z.number()),
  low: z.array(z.number()),
  high: z.array(z.number()),
  /** How many labels were taken as right, and how many errors were planted on them. */
  trusted: z.number().int(),
  planted: z.number().int(),
});
export type CohortCalibration = z.infer<typeof CohortCalibration>;

/**
 * The calibration of one structure. If `empty` is null, `drawn` is for all labels of the structure;
 * otherwise `drawn` is for its drawn labels and `empty` for its empty ones.
 */
const StructureCalibration = z.object({
  drawn: CohortCalibration,
  empty: CohortCalibration.nullable(),
});
export type StructureCalibration = z.infer<typeof StructureCalibration>;

export const Calibration = z.object({
  version: z.literal(2),
  structures: z.record(z.string(), StructureCalibration),
});
export type Calibration = z.infer<typeof Calibration>;

/**
 * Parses the calibration that the project keeps for a model.
 * @returns null if the project keeps none, or one of another version
 */
export function readCalibration(kept: unknown): Calibration | null {
  const parsed = Calibration.safeParse(kept);
  return parsed.success ? parsed.data : null;
}

/** The calibration of a model, by the names that the structures have now; null as for `readCalibration`. */
export function calibrationOf(
  reader: Pick<ProjectReader, 'calibration' | 'nameNow'>,
  model: string,
): Calibration | null {
  const kept = readCalibration(reader.calibration(model));
  if (kept === null) return null;
  const structures = Object.entries(kept.structures).map(([name, own]): [string, typeof own] => [
    reader.nameNow(name) ?? name,
    own,
  ]);
  return { ...kept, structures: Object.fromEntries(structures) };
}

/** Errors (1 − dice) that are much smaller than this count as about equal. */
const FINE = 0.03;

/**
 * Converts a dice with the true mask to a scale on which halving the error (1 − dice) is about the same
 * step for large and for small errors: −ln(1 − dice + 0.03), from 0 to 3.5. The index of a label predicts
 * this number. A regression on the dice itself would order only gross errors well, not small ones.
 */
export const errorStep = (dice: number): number => -Math.log(1 - dice + FINE);

const EPSILON = 1e-3;
const logit = (share: number): number => Math.log((share + EPSILON) / (1 - share + EPSILON));

/** A larger boundary distance, or a missing one, counts as this distance, in pixels at 256 × 256. */
const FARTHEST = 20;

/**
 * The features of a label, scaled to about the same size: its agreement with the segmenter in several
 * forms, the learned score, the difference in area, and the distance between the boundaries.
 * @returns null if the label was scored without a segmenter
 */
export function featuresOf(
  score: OwnScore,
  learned: CohortCalibration['learned'],
): number[] | null {
  const { dice, disagreement, softmin, area, proposalArea, boundary, boundaryOff } = score;
  if (dice === null || disagreement === null || softmin === null || proposalArea === null) {
    return null;
  }
  const z = (score.learned - learned.centre) / learned.scale;
  const size = Math.log((area + 1e-4) / (proposalArea + 1e-4));
  return [
    1,
    dice,
    logit(dice) / 5,
    1 - disagreement,
    logit(1 - disagreement) / 5,
    logit(softmin) / 5,
    Math.min(Math.max(z, -8), 3) / 5,
    boundaryOff ?? 1,
    Math.min(Math.abs(size), 2),
    Math.min(Math.abs(boundary ?? FARTHEST), FARTHEST) / 10,
  ];
}

export const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Interpolates linearly between the knots. Outside the knots, the value of the nearest knot holds. */
function interpolate(knots: readonly number[], values: readonly number[], x: number): number {
  const last = knots.length - 1;
  if (x <= knots[0]) return values[0];
  if (x >= knots[last]) return values[last];
  let [from, to] = [0, last];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (knots[middle] <= x) from = middle;
    else to = middle;
  }
  const share = (x - knots[from]) / (knots[to] - knots[from]);
  return values[from] + share * (values[to] - values[from]);
}

/**
 * The dice that a label is expected to have with the truth, and an interval that contains it with a
 * probability of 90 %. Of several votes (`votesOf`) it is the mean, and the interval holds the intervals of all.
 * @returns null if the structure is not calibrated, or the label was scored without a segmenter
 */
export function expectedDice(
  calibration: Calibration | null,
  score: LabelScore,
): ExpectedDice | null {
  const structure = calibration?.structures[score.structure];
  const own = score.area === 0 ? (structure?.empty ?? structure?.drawn) : structure?.drawn;
  if (!own) return null;
  const told = votesOf(score).flatMap((one): ExpectedDice[] => {
    const features = featuresOf(one, own.learned);
    if (!features) return [];
    const index = dot(features, own.coefficients);
    const at = (values: readonly number[]): number => interpolate(own.knots, values, index);
    return [{ dice: at(own.dice), low: at(own.low), high: at(own.high) }];
  });
  if (told.length === 0) return null;
  return {
    dice: mean(told.map(({ dice }) => dice)),
    low: Math.min(...told.map(({ low }) => low)),
    high: Math.max(...told.map(({ high }) => high)),
  };
}

/**
 * The scores that are calibrated, and believed, one by one. Of a drawn label this is the score, with the means
 * of the pairs of networks: a mean is steadier. Of an empty label these are the scores of each pair: where one
 * sees a lesion and the other sees none, the mean is like no error that was planted.
 */
export function votesOf<Score extends OwnScore>(score: Score): Score[] {
  const apart = score.area === 0 ? score.pairs : undefined;
  return apart?.map((pair) => ({ ...score, ...pair })) ?? [score];
}
