/** One row of a ranking with its reasons, as the command line prints it and the window shows it. */
import type { CaseSummary, RankEntry } from '../contract/terms.ts';
import type { LabelScore } from '../store/types.ts';
import type { Calibration } from './calibration.ts';
import type { Ranking } from './ranking.ts';
import { labelReasons } from './reasons.ts';

/** The case of a row. */
export interface EntrySource {
  readonly summary: CaseSummary;
  /** The scores of its labels by the ranking's model. */
  readonly scores: readonly LabelScore[];
  readonly calibration: Calibration | null;
}

/** A label that is absent now gets no reasons. */
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
