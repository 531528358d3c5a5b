/** Makes one row of a ranking, with its reasons, for the command line and for the window. */
import type { CaseSummary, RankEntry } from '../contract/terms.ts';
import type { LabelScore } from '../store/types.ts';
import type { Calibration } from './calibration.ts';
import type { Ranking } from './ranking.ts';
import { labelReasons } from './reasons.ts';

/** The data that a row is made of: its case, and the calibration of the ranking's model. */
export interface EntrySource {
  readonly summary: CaseSummary;
  /** The scores that the ranking's model gave the case's labels; only of structures that it has learned. */
  readonly scores: readonly LabelScore[];
  readonly calibration: Calibration | null;
}

/** Makes the entry of a row. A label that has become absent since it was scored gets no reasons. */
export function rankEntry(ranking: Ranking, row: number, source: EntrySource): RankEntry {
  const { summary, scores, calibration } = source;
  const { order, places, per } = ranking;
  const structure = per === 'case' ? null : places.structures[order.structures[row]];
  const labels = summary.labels.filter(
    (label) => label.state !== 'absent' && (structure ?? label.structure) === label.structure,
  );
  return {
    ...ranking.at(row),
    case: summary.id,
    structure,
    verdict: structure === null ? summary.verdict : (labels[0]?.verdict ?? null),
    reasons: scores.flatMap((score) => {
      const cohort = ranking.cohort(score.structure);
      const isShown = labels.some((label) => label.structure === score.structure);
      return cohort && isShown ? [labelReasons(score, cohort, summary, calibration)] : [];
    }),
  };
}
