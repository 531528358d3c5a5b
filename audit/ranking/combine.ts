/**
 * The combined score: learned score, disagreement and softmin as one number.
 *
 * First each measure of a label becomes a robust z-score within its structure (median and median absolute
 * deviation over the labels of the structure): a clavicle is compared with other clavicles, never with
 * lungs, which always agree better with the segmenter. Ranks would not work: even in a structure without
 * errors one label has the last rank, though it lies near the others. Soft dice and softmin lie between 0
 * and 1, so their logit is taken first.
 *
 * The median of the three z-scores is the combined score. One measure that fails (a collapsed QAM, a
 * segmenter that overlooks a structure) cannot make a label the best or the worst on its own; it could
 * move a mean.
 *
 * A case has three values: the QAM's score of the case, and the soft minimum of its labels' z-scores by
 * disagreement and by softmin. The soft minimum is about as low as the worst label, and lower where
 * several labels are bad. Each value becomes a z-score over all cases, because the minimum of several
 * labels lies below 0 even where nothing is wrong. The median of these three z-scores is the combined
 * score of the case.
 */
import { median } from '../../models/statistics.ts';
import { robustZ, spread } from './robust.ts';
import type { Spread } from './robust.ts';
import type { ScoreColumns } from './score-columns.ts';

/** Keeps the logit of 0 and 1 finite: ±9.2. */
const EPSILON = 1e-4;

const logit = (share: number): number => Math.log((share + EPSILON) / (1 - share + EPSILON));

const finiteValues = (values: Float64Array): Float64Array =>
  values.filter((value) => Number.isFinite(value));

/** The centre and the spread of the values of each structure's labels, by the structure's number. */
export function structureSpreads(
  { structures: places }: Pick<ScoreColumns, 'structures'>,
  values: Float64Array,
  structures: number,
): Spread[] {
  const counts = new Uint32Array(structures);
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

/** Each value as a z-score within its structure; NaN stays NaN. */
function withinStructures(columns: ScoreColumns, values: Float64Array): Float64Array {
  const structures = columns.structures.reduce((most, place) => Math.max(most, place + 1), 0);
  const spreads = structureSpreads(columns, values, structures);
  // `robustZ` gives 0 for a structure without a spread, but a missing value must stay NaN.
  return values.map((value, row) =>
    Number.isFinite(value) ? robustZ(value, spreads[columns.structures[row]]) : NaN,
  );
}

/** For each measure, the z-score of each label within its structure; NaN for a label without a value. */
export interface LabelZ {
  readonly learned: Float64Array;
  readonly disagreement: Float64Array;
  readonly softmin: Float64Array;
}

export function labelZ(columns: ScoreColumns): LabelZ {
  const agreement = columns.disagreement.map((value) => logit(1 - value));
  return {
    learned: withinStructures(columns, columns.learned),
    disagreement: withinStructures(columns, agreement),
    softmin: withinStructures(columns, columns.softmin.map(logit)),
  };
}

/** Row by row, the median of the values that are not NaN; NaN if all three are NaN. */
function medians(a: Float64Array, b: Float64Array, c: Float64Array): Float64Array {
  return a.map((first, row) => {
    const [second, third] = [b[row], c[row]];
    // NaN if one of the three is NaN.
    const middle = Math.max(Math.min(first, second), Math.min(Math.max(first, second), third));
    return Number.isFinite(middle)
      ? middle
      : median(finiteValues(Float64Array.of(first, second, third)));
  });
}

/**
 * The combined score of each label: the median of the z-scores that it has. 0 is typical, lower is
 * worse; NaN for a label without a z-score.
 */
export function combineLabels({ learned, disagreement, softmin }: LabelZ): Float64Array {
  return medians(learned, disagreement, softmin);
}

/**
 * T in the formula below, in units of z. If two labels differ by much more than T, the worse one alone
 * decides.
 */
const SOFTNESS = 1;

/**
 * The soft minimum −T·ln(mean(exp(−v/T))) of the values v of a case's labels. The soft minimum of equal
 * values is that value, however many they are. NaN if no label has a value.
 */
function softMinimum(values: Float64Array, rows: Uint32Array): number {
  let least = Infinity;
  for (const row of rows) if (values[row] < least) least = values[row];
  let [sum, count] = [0, 0];
  for (const row of rows) {
    if (!Number.isFinite(values[row])) continue;
    sum += Math.exp((least - values[row]) / SOFTNESS);
    count += 1;
  }
  return count === 0 ? NaN : least - SOFTNESS * Math.log(sum / count);
}

/** Each value as a robust z-score over all values; NaN stays NaN. */
function standardised(values: Float64Array): Float64Array {
  const cohort = spread(finiteValues(values));
  return values.map((value) => (Number.isFinite(value) ? robustZ(value, cohort) : NaN));
}

/**
 * The combined score of each case (see the head of the file); NaN for a case without a value.
 * @param caseScores the QAM's score of each case
 * @param cases for each case, the rows of its labels
 */
export function combineCases(
  { disagreement, softmin }: LabelZ,
  caseScores: Float64Array,
  cases: readonly Uint32Array[],
): Float64Array {
  const over = (z: Float64Array): Float64Array =>
    standardised(caseScores.map((_, index) => softMinimum(z, cases[index])));
  return medians(standardised(caseScores), over(disagreement), over(softmin));
}
