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
import type { LabelScore } from '../store/types.ts';
import { median } from '../../models/statistics.ts';
import { robustZ, spread } from './robust.ts';

/** Below `bad` a label lies far from the rest of its structure, below `doubtful` at its edge. */
export const SUSPICIOUS = { bad: -3.5, doubtful: -2 } as const;

/** Keeps the logit of 0 and 1 finite: ±9.2. */
const EPSILON = 1e-4;

const logit = (share: number): number => Math.log((share + EPSILON) / (1 - share + EPSILON));

/** The z-scores of one value a label, each within its structure; null where there is no value. */
function withinStructures(
  scores: readonly LabelScore[],
  valueOf: (score: LabelScore) => number | null,
): (number | null)[] {
  const cohorts = new Map<string, number[]>();
  const values = scores.map((score) => {
    const value = valueOf(score);
    if (value === null) return null;
    const cohort = cohorts.get(score.structure);
    if (cohort) cohort.push(value);
    else cohorts.set(score.structure, [value]);
    return value;
  });
  const spreads = new Map([...cohorts].map(([name, cohort]) => [name, spread(cohort)]));
  return scores.map(({ structure }, index) => {
    const value = values[index];
    return value === null ? null : robustZ(value, spreads.get(structure)!);
  });
}

/** Of every label the z-scores of the measures that compare it with the segmenter. */
function compared(scores: readonly LabelScore[]): (number | null)[][] {
  return [
    withinStructures(scores, ({ disagreement }) =>
      disagreement === null ? null : logit(1 - disagreement),
    ),
    withinStructures(scores, ({ softmin }) => (softmin === null ? null : logit(softmin))),
  ];
}

/** In z: how far apart two labels lie before only the worse one counts. */
const SOFTNESS = 1;

/** The soft minimum −T·ln(mean(exp(−v/T))): of equal values that value, however many they are. */
function softMinimum(values: readonly number[]): number {
  const least = Math.min(...values);
  const sum = values.reduce((total, value) => total + Math.exp((least - value) / SOFTNESS), 0);
  return least - SOFTNESS * Math.log(sum / values.length);
}

/** Each value as a robust z-score over all; null stays. */
function standardised(values: readonly (number | null)[]): (number | null)[] {
  const cohort = spread(known(values));
  return values.map((value) => (value === null ? null : robustZ(value, cohort)));
}

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null);

/**
 * The combined score of each label: the median of its measures' z-scores within its structure, of
 * as many as there are. 0 is typical, lower is worse.
 */
export function combineLabels(scores: readonly LabelScore[]): number[] {
  const learned = withinStructures(scores, (score) => score.learned);
  const others = compared(scores);
  return scores.map((_, index) => median(known([learned[index], ...others.map((z) => z[index])])));
}

/**
 * The combined score of each case, given the indices of its labels in `scores`: the median of the
 * robust z-scores, over the cases, of the QAM's score of the case and of the soft minimum of its
 * labels by disagreement, and by softmin.
 */
export function combineCases(
  scores: readonly LabelScore[],
  cases: readonly (readonly number[])[],
): number[] {
  const measures = [
    standardised(cases.map((labels) => scores[labels[0]].caseScore)),
    ...compared(scores).map((z) =>
      standardised(
        cases.map((labels) => {
          const values = known(labels.map((label) => z[label]));
          return values.length === 0 ? null : softMinimum(values);
        }),
      ),
    ),
  ];
  return cases.map((_, index) => median(known(measures.map((z) => z[index]))));
}
