/** Compares two rankings: which cases entered and left the top, and how the dice changed. */
import type { Moved } from '../../contract/api.ts';
import type { RankBy } from '../../contract/terms.ts';
import { labelKey } from '../../contract/label-key.ts';
import type { LabelScore } from '../../store/types.ts';
import { pearson } from '../../../models/statistics.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { OpenedProject } from './opened-project.ts';

/**
 * Pearson's correlation of the ranks over the cases in both rankings, or null below three such cases.
 */
export function agreement<Key>(before: ReadonlyMap<Key, number>, after: ReadonlyMap<Key, number>) {
  const pairs = [...after].flatMap(([id, rank]) => {
    const other = before.get(id);
    return other === undefined ? [] : [[other, rank] as const];
  });
  if (pairs.length < 3) return null;
  return pearson(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  );
}

/**
 * For each structure: the mean dice between label and proposal, by the earlier and by the later model, over
 * the labels for which both models have a dice.
 */
export function diceChange(
  structures: readonly string[],
  before: readonly LabelScore[],
  after: readonly LabelScore[],
): Moved['dice'] {
  const diceBefore = new Map(before.map((s) => [labelKey(s.case, s.structure), s.dice]));
  return structures.map((structure) => {
    let labels = 0;
    let sumBefore = 0;
    let sumAfter = 0;
    for (const score of after) {
      if (score.structure !== structure || score.dice === null) continue;
      const other = diceBefore.get(labelKey(score.case, structure));
      if (other === undefined || other === null) continue;
      labels += 1;
      sumBefore += other;
      sumAfter += score.dice;
    }
    const mean = (sum: number): number | null => (labels === 0 ? null : sum / labels);
    return { structure, before: mean(sumBefore), after: mean(sumAfter), labels };
  });
}

/** Maps the place of each ranked case in import order to its rank, from 1; empty without a ranking. */
function ranksOf(ranking: Ranking | null): Map<number, number> {
  const ranks = new Map<number, number>();
  ranking?.order.cases.forEach((index, row) => ranks.set(index, row + 1));
  return ranks;
}

/**
 * How the ranking changed from the run `against` to the run `run`.
 * @param options.against null if there is no earlier run
 * @throws UserError when one of the two runs has no scores
 */
export function rankChanges(
  opened: OpenedProject,
  options: { run: string; against: string | null; by: RankBy; top: number },
): Moved {
  const { run, against, by, top } = options;
  const { project, rankings, labels } = opened;
  const rankingOf = (model: string) => rankings.get({ by, per: 'case', run: model });
  const ranking = rankingOf(run);
  const before = ranksOf(against === null ? null : rankingOf(against));
  const after = ranksOf(ranking);
  const inTop = (ranks: ReadonlyMap<number, number>) => (index: number) =>
    (ranks.get(index) ?? Infinity) <= top;
  const wasIn = inTop(before);
  const isIn = inTop(after);
  const found = [...new Set([...after.keys(), ...before.keys()])].filter(
    (index) => wasIn(index) || isIn(index),
  );
  const worst = (index: number): string | null => {
    const row = ranking?.rowOf(index, 0) ?? -1;
    return ranking && row >= 0 ? labels.structures[ranking.order.structures[row]].name : null;
  };
  const cases = found
    .map((index) => ({
      case: labels.id(index),
      before: before.get(index) ?? null,
      after: after.get(index) ?? null,
      verdict: labels.caseVerdict(index),
      structure: worst(index),
    }))
    .sort((a, b) => (a.after ?? Infinity) - (b.after ?? Infinity));
  return {
    run,
    against,
    top,
    totals: { before: before.size, after: after.size },
    cases,
    entered: against === null ? 0 : found.filter((index) => isIn(index) && !wasIn(index)).length,
    left: found.filter((index) => wasIn(index) && !isIn(index)).length,
    dice: diceChange(
      project.structures.map(({ name }) => name),
      against === null ? [] : project.scores(against),
      project.scores(run),
    ),
    agreement: agreement(before, after),
  };
}
