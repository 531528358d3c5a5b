/** Everything about one case but its pixels: its labels, their ranks, and the reasons. */
import type { z } from 'zod';
import type { CaseDetail, CaseRanks } from '../../contract/api.ts';
import type { CaseSummary, RankBy } from '../../contract/terms.ts';
import { labelReasons } from '../../ranking/reasons.ts';
import { reasonWords } from '../../ranking/words.ts';
import { isStale } from './queue-entry.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import type { OpenedProject } from './opened-project.ts';

function ranksOf(ranking: Ranking | null, row: number): z.infer<typeof CaseRanks> {
  const none = { rank: null, score: null, number: null, percentile: null, previousRank: null };
  return ranking && row >= 0 ? ranking.at(row) : none;
}

/** @throws UserError when `run` has no scores */
export async function caseDetail(
  opened: OpenedProject,
  summary: CaseSummary,
  by: RankBy,
  run?: string,
): Promise<CaseDetail> {
  const { project, rankings, models, labels } = opened;
  const { id } = summary;
  const perCase = rankings.get({ by, per: 'case', run });
  const perLabel = rankings.get({ by, per: 'label', run });
  const scores = perLabel ? project.scores(perLabel.model, [id]) : null;
  const index = labels.indexOf(id);
  const present = summary.labels.filter(({ state }) => state !== 'absent');
  const model = perCase?.model ?? null;
  const ranked = rankings.ranked({ by, run });
  const unlearned = new Set(ranked?.unlearned.map(({ structure }) => structure));
  const calibration = model === null ? null : rankings.calibration(model);
  return {
    case: summary,
    version: pictureVersion(summary, project.structures),
    model,
    ranked,
    by,
    ranks: ranksOf(perCase, perCase?.rowOf(index, 0) ?? -1),
    labels: present.map(({ structure }) => {
      const score = scores?.find((candidate) => candidate.structure === structure);
      const cohort = perLabel?.cohort(structure);
      const judged = score && cohort && !unlearned.has(structure);
      const reasons = judged ? labelReasons(score, cohort, summary, calibration) : null;
      return {
        structure,
        ranks: ranksOf(perLabel, perLabel?.rowOf(index, labels.structureOf(structure)) ?? -1),
        reasons,
        words: reasons ? reasonWords(reasons, summary) : [],
        stale: isStale(summary, structure, scores),
      };
    }),
    proposal: (await models.file(model, id, 'segmenter')) !== null,
    quality: (await models.file(model, id, 'qam')) !== null,
  };
}
