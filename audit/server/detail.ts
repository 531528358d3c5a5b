/** Everything about one case but its pixels: its labels, its places in the ranking, and why. */
import type { z } from 'zod';
import type { CaseDetail, CaseRanks } from '../contract/api.ts';
import type { RankBy, RankEntry } from '../contract/terms.ts';
import { reasonWords } from '../ranking/words.ts';
import { isStale } from './queue.ts';
import { labelKey } from './rankings.ts';
import { Refusal } from './respond.ts';
import { pictureVersion } from './version.ts';
import type { Opened } from './workspace.ts';

function ranksOf(entry: RankEntry | undefined): z.infer<typeof CaseRanks> {
  return {
    rank: entry?.rank ?? null,
    score: entry?.score ?? null,
    percentile: entry?.percentile ?? null,
    previousRank: entry?.previousRank ?? null,
  };
}

/** @throws Refusal (404) when there is no such case; UserError when `run` has no scores. */
export async function caseDetail(
  opened: Opened,
  id: string,
  by: RankBy,
  run?: string,
): Promise<CaseDetail> {
  const { project, rankings, models } = opened;
  const summary = project.case(id);
  if (!summary) throw new Refusal(404, 'The project has no such case.');
  const perCase = rankings.get({ by, per: 'case', run });
  const perLabel = rankings.get({ by, per: 'label', run });
  // Words speak of pixels at 256², reasons of the label's own.
  const scale = Math.sqrt(summary.width * summary.height) / 256;
  const present = summary.labels.filter(({ state }) => state !== 'absent');
  const model = perCase?.model ?? null;
  return {
    case: summary,
    version: pictureVersion(summary, project.structures),
    model,
    by,
    ranks: ranksOf(perCase?.byKey.get(labelKey(id, null))),
    labels: present.map(({ structure }) => {
      const entry = perLabel?.byKey.get(labelKey(id, structure));
      const reasons = entry?.reasons[0] ?? null;
      return {
        structure,
        ranks: ranksOf(entry),
        reasons,
        words: reasons ? reasonWords(reasons, scale) : [],
        stale: isStale(summary, structure, perLabel),
      };
    }),
    proposal: (await models.file(model, id, 'segmenter')) !== null,
    quality: (await models.file(model, id, 'qam')) !== null,
  };
}
