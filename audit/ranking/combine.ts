/**
 * The combined rank: learned score, disagreement and softmin as one number.
 *
 * Each measure is first put on one scale within its structure, as a robust z-score (median and
 * median absolute deviation over the labels of that structure): a clavicle's disagreement is held
 * against other clavicles', never against lungs', which always agree better. Z-scores and not ranks,
 * because a structure without errors has a last rank, too, but nothing far out. Soft dice and
 * softmin are bounded, so they go through the logit before.
 *
 * Then the median of the three is taken: one measure that has gone wrong (a collapsed QAM, a
 * segmenter that overlooks a structure) cannot carry a label to either end on its own, whereas a
 * mean follows it. A case is judged by the QAM's score of the whole, and by the soft minimum of its
 * labels' z-scores in each of the two measures that look at single labels: about as bad as the worst
 * label, and worse where more of them are. Each is a z-score over the cases again, because a minimum
 * of several lies below 0 even where nothing is wrong; then the median.
 */
import { median } from '../../models/statistics.ts';
import { robustZ, spread } from './robust.ts';
import type { Spread } from './robust.ts';
import type { ScoreColumns } from './score-columns.ts';

/** Keeps the logit of 0 and 1 finite: ±9.2. */
const EPSILON = 1e-4;

const logit = (share: number): number => Math.log((share + EPSILON) / (1 - share + EPSILON));

const known = (values: Float64Array): Float64Array =>
  values.filter((value) => Number.isFinite(value));

/** By the place of a structure: the centre and spread of its labels' values. */
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

/** The z-scores of one value a label, each within its structure; NaN where there is no value. */
function withinStructures(columns: ScoreColumns, values: Float64Array): Float64Array {
  const structures = columns.structures.reduce((most, place) => Math.max(most, place + 1), 0);
  const spreads = structureSpreads(columns, values, structures);
  // A structure without a spread gives 0, but a missing value stays missing.
  return values.map((value, row) =>
    Number.isFinite(value) ? robustZ(value, spreads[columns.structures[row]]) : NaN,
  );
}

/** By measure, the z-scores of each label within its structure; NaN where it has no value. */
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

/** Row by row, the median of the values that are there; NaN where there is no value. */
function medians(a: Float64Array, b: Float64Array, c: Float64Array): Float64Array {
  return a.map((first, row) => {
    const [second, third] = [b[row], c[row]];
    // NaN where one is missing.
    const middle = Math.max(Math.min(first, second), Math.min(Math.max(first, second), third));
    return Number.isFinite(middle) ? middle : median(known(Float64Array.of(first, second, third)));
  });
}

/**
 * The combined score of each label: the median of its measures' z-scores within its structure, of
 * as many as there are. 0 is typical, lower is worse; NaN where a label has no value at all.
 */
export function combineLabels({ learned, disagreement, softmin }: LabelZ): Float64Array {
  return medians(learned, disagreement, softmin);
}

/** In z: how far apart two labels lie before only the worse one counts. */
const SOFTNESS = 1;

/**
 * The soft minimum −T·ln(mean(exp(−v/T))) of a case's labels: of equal values that value, however many
 * they are. NaN where no label has a value.
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

/** Each value as a robust z-score over all; NaN stays. */
function standardised(values: Float64Array): Float64Array {
  const cohort = spread(known(values));
  return values.map((value) => (Number.isFinite(value) ? robustZ(value, cohort) : NaN));
}

/**
 * The combined score of each case: the median of the robust z-scores, over the cases, of the QAM's
 * score of the case and of the soft minimum of its labels by disagreement, and by softmin. NaN where a
 * case has no value at all.
 * @param caseScores of each case
 * @param cases of each case, the rows of its labels
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
