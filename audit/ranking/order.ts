/** From scores to an order: one value a label or case by the chosen measure, lower is worse. */
import type { RankBy, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import type { LabelScore } from '../store/types.ts';
import { mean } from '../../models/statistics.ts';
import { combineCases, combineLabels } from './combine.ts';

/** One place in the order. `structure` is null in an order of cases. */
export interface Ranked {
  readonly case: string;
  readonly structure: string | null;
  readonly score: number;
}

/** Whether all `scores` hold what the measure needs; combined makes do with the learned score. */
export function hasMeasure(scores: readonly LabelScore[], by: RankBy): boolean {
  if (by === 'disagreement') return scores.every((score) => score.disagreement !== null);
  if (by === 'softmin') return scores.every((score) => score.softmin !== null);
  return true;
}

function labelValues(scores: readonly LabelScore[], by: RankBy): readonly number[] {
  switch (by) {
    case 'learned':
      return scores.map((score) => score.learned);
    case 'disagreement':
      return scores.map((score) => 1 - score.disagreement!);
    case 'softmin':
      return scores.map((score) => score.softmin!);
    case 'combined':
      return combineLabels(scores);
  }
}

/** Scores of the same case, in the order in which the cases first appear. */
function byCase(scores: readonly LabelScore[]): Map<string, number[]> {
  const cases = new Map<string, number[]>();
  scores.forEach((score, index) => {
    const list = cases.get(score.case);
    if (list) list.push(index);
    else cases.set(score.case, [index]);
  });
  return cases;
}

const lowest = (values: readonly number[]): number => Math.min(...values);

function caseValues(scores: readonly LabelScore[], by: RankBy): Ranked[] {
  const cases = byCase(scores);
  const groups = [...cases.values()];
  let values: readonly number[];
  if (by === 'combined') values = combineCases(scores, groups);
  else if (by === 'learned') values = groups.map((group) => scores[group[0]].caseScore);
  else {
    const labels = labelValues(scores, by);
    const join = by === 'softmin' ? lowest : mean;
    values = groups.map((group) => join(group.map((index) => labels[index])));
  }
  return [...cases.keys()].map((name, index) => ({
    case: name,
    structure: null,
    score: values[index],
  }));
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The order by one measure, worst first; equal scores by case id, then structure.
 *
 * Per label: the learned score, 1 − disagreement (soft dice), softmin as they are, or combined
 * (`combine.ts`). Per case: the QAM's score of the case as given; the mean of 1 − disagreement over
 * its labels, each structure counting alike whatever its size; the lowest softmin, in which the
 * worst pixels decide as they do within a label; or combined.
 * @throws UserError when the measure needs a segmenter and the scores come from a QAM alone.
 */
export function orderScores(
  scores: readonly LabelScore[],
  { by, per }: { by: RankBy; per: RankPer },
): Ranked[] {
  if (!hasMeasure(scores, by)) {
    throw new UserError(
      `These scores come from a QAM alone, without a segmenter to compare with, so there is no ` +
        `${by} to rank by: rank by learned or combined.`,
    );
  }
  const labels = per === 'label' ? labelValues(scores, by) : [];
  const entries =
    per === 'case'
      ? caseValues(scores, by)
      : scores.map((score, index) => ({
          case: score.case,
          structure: score.structure,
          score: labels[index],
        }));
  return entries.sort(
    (a, b) =>
      a.score - b.score ||
      compareText(a.case, b.case) ||
      compareText(a.structure ?? '', b.structure ?? ''),
  );
}
