/**
 * Quality in a unit that people understand: the dice that a label is expected to have with the truth,
 * with an interval. Found out by planting errors of known size (see `calibrate.ts`), kept as a few
 * numbers a structure, so that telling it of a label costs next to nothing.
 */
import { z } from 'zod';
import type { ExpectedDice } from '../contract/terms.ts';
import type { OwnScore } from '../scoring/types.ts';
import type { LabelScore } from '../store/types.ts';

const StructureCalibration = z.object({
  /** Centre and spread of the learned score of the structure's labels as given. */
  learned: z.object({ centre: z.number(), scale: z.number().positive() }),
  /** One a feature, in the order of `featuresOf`. */
  coefficients: z.array(z.number()),
  /** The index (`indexOf`) at which the tables below stand, ascending. */
  knots: z.array(z.number()).min(2),
  dice: z.array(z.number()),
  low: z.array(z.number()),
  high: z.array(z.number()),
  /** Labels taken for right, and errors planted on them. */
  trusted: z.number().int(),
  planted: z.number().int(),
});
export type StructureCalibration = z.infer<typeof StructureCalibration>;

export const Calibration = z.object({
  version: z.literal(1),
  structures: z.record(z.string(), StructureCalibration),
});
export type Calibration = z.infer<typeof Calibration>;

/** What the project keeps of a model, checked; null where there is none, or of another version. */
export function readCalibration(kept: unknown): Calibration | null {
  const parsed = Calibration.safeParse(kept);
  return parsed.success ? parsed.data : null;
}

const EPSILON = 1e-3;
const logit = (share: number): number => Math.log((share + EPSILON) / (1 - share + EPSILON));

/** Where there is no boundary to measure: as far off as is looked at, in pixels at 256². */
const FARTHEST = 20;

/**
 * What is known of a label beside the truth, as numbers of about the same size: its agreement with the
 * segmenter in four ways, the learned score, and how far and along how much its boundary is off.
 */
export function featuresOf(
  score: OwnScore,
  learned: StructureCalibration['learned'],
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

/** The value at `x` of what is `values` at `knots`, linear in between and level beyond the ends. */
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
 * The dice a label is expected to have with the truth, and the interval that holds it with 90 %; null
 * where the model says nothing of its structure.
 */
export function expectedDice(
  calibration: Calibration | null,
  score: LabelScore,
): ExpectedDice | null {
  const own = calibration?.structures[score.structure];
  const features = own ? featuresOf(score, own.learned) : null;
  if (!own || !features) return null;
  const index = dot(features, own.coefficients);
  const at = (values: readonly number[]): number => interpolate(own.knots, values, index);
  return { dice: at(own.dice), low: at(own.low), high: at(own.high) };
}
