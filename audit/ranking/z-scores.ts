/**
 * Measures in one number how far a label's scores lie from the scores of labels like it. With this number
 * `calibrate.ts` chooses the labels that it takes as right.
 *
 * First each measure of a label becomes a robust z-score within its cohort (median and median absolute
 * deviation over the labels of the cohort): a clavicle is compared with other clavicles, never with
 * lungs, which always agree better with the segmenter. Soft dice and softmin lie between 0 and 1, so
 * their logit is taken first.
 *
 * The median of the three z-scores is the result. One measure that fails (a collapsed QAM, a segmenter
 * that overlooks a structure) cannot make a label the best or the worst on its own; it could move a mean.
 */
import { median } from '../../models/statistics.ts';
import { cohortsOf } from './cohorts.ts';
import { robustZ, spread } from './robust.ts';
import type { Spread } from './robust.ts';
import type { ScoreColumns } from './score-columns.ts';

/** Keeps the logit of 0 and 1 finite: ±9.2. */
const EPSILON = 1e-4;

const logit = (share: number): number => Math.log((share + EPSILON) / (1 - share + EPSILON));

const finiteValues = (values: Float64Array): Float64Array =>
  values.filter((value) => Number.isFinite(value));

/**
 * The centre and the spread of each group's values, by the group's number; NaN and infinite values are
 * left out.
 * @param places for each value, the number of its group
 */
export function spreadsOf(
  places: ArrayLike<number>,
  values: Float64Array,
  groups: number,
): Spread[] {
  const counts = new Uint32Array(groups);
  for (let row = 0; row < values.length; row += 1) {
    if (Number.isFinite(values[row])) counts[places[row]] += 1;
  }
  const own = Array.from(counts, (count) => new Float64Array(count));
  counts.fill(0);
  for (let row = 0; row < values.length; row += 1) {
    if (!Number.isFinite(values[row])) continue;
    const place = places[row];
    own[place][counts[place]] = values[row];
    counts[place] += 1;
  }
  return own.map(spread);
}

/** Each value as a z-score within its cohort; NaN stays NaN. */
function withinCohorts(cohorts: Uint32Array, values: Float64Array): Float64Array {
  const count = cohorts.reduce((most, place) => Math.max(most, place + 1), 0);
  const spreads = spreadsOf(cohorts, values, count);
  // `robustZ` gives 0 for a cohort without a spread, but a missing value must stay NaN.
  return values.map((value, row) =>
    Number.isFinite(value) ? robustZ(value, spreads[cohorts[row]]) : NaN,
  );
}

/** For each measure, the z-score of each label within its cohort; NaN for a label without a value. */
interface LabelZ {
  readonly learned: Float64Array;
  readonly disagreement: Float64Array;
  readonly softmin: Float64Array;
}

function labelZ(columns: ScoreColumns): LabelZ {
  const agreement = columns.disagreement.map((value) => logit(1 - value));
  const cohorts = cohortsOf(columns);
  return {
    learned: withinCohorts(cohorts, columns.learned),
    disagreement: withinCohorts(cohorts, agreement),
    softmin: withinCohorts(cohorts, columns.softmin.map(logit)),
  };
}

/** Row by row, the median of the values that are not NaN; NaN if all three are NaN. */
function medians(a: Float64Array, b: Float64Array, c: Float64Array): Float64Array {
  return a.map((first, row) => {
    const [second, third] = [b[row], c[row]];
    // `middle` is NaN if one of the three values is NaN.
    const middle = Math.max(Math.min(first, second), Math.min(Math.max(first, second), third));
    return Number.isFinite(middle)
      ? middle
      : median(finiteValues(Float64Array.of(first, second, third)));
  });
}

/**
 * For each label, the median of its z-scores by the three measures. 0 is typical, lower is worse; NaN for a
 * label without a z-score.
 */
export function typicalZ(columns: ScoreColumns): Float64Array {
  const { learned, disagreement, softmin } = labelZ(columns);
  return medians(learned, disagreement, softmin);
}
