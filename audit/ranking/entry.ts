/** One row of a ranking with its reasons: what the command line prints and the window is sent. */
import type { CaseSummary, RankEntry } from '../contract/terms.ts';
import type { LabelScore } from '../store/types.ts';
import type { Calibration } from './calibration.ts';
import type { Ranking } from './ranking.ts';
import { reasonsOf } from './reasons.ts';

/** What is known of the case that a row is about. */
export interface EntrySource {
  readonly summary: CaseSummary;
  /** What the ranking's model said of its labels. */
  readonly scores: readonly LabelScore[];
  readonly calibration: Calibration | null;
}

/** Labels that are absent now have no reasons. */
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
      return cohort && isShown ? [reasonsOf(score, cohort, summary, calibration)] : [];
    }),
  };
}
