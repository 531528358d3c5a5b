/** The ranking with its reasons, and what the review has found so far. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { InsightsQuery, RankingQuery } from '../../contract/api.ts';
import type { Insights, LeftResult, RankingPage } from '../../contract/api.ts';
import type { RankEntry, RankPer } from '../../contract/terms.ts';
import { reasonsOf } from '../../ranking/reasons.ts';
import type { ServerContext } from '../http/context.ts';
import { query } from '../http/input.ts';
import type { Ranking } from '../project/rankings.ts';
import type { Opened } from '../project/workspace.ts';

/** One row of a ranking as it is sent, with its reasons and the verdict of now. */
function entryOf(
  { project, labels, rankings }: Opened,
  ranking: Ranking,
  per: RankPer,
  row: number,
): RankEntry {
  const index = ranking.order.cases[row];
  const s = ranking.order.structures[row];
  const id = labels.id(index);
  const structure = per === 'case' ? null : labels.structures[s].name;
  const size = project.case(id) ?? { width: 0, height: 0 };
  const scores = project
    .scores(ranking.model, id)
    .filter((score) => structure === null || score.structure === structure);
  const calibration = rankings.calibration(ranking.model);
  const verdict = per === 'case' ? labels.caseVerdict(index) : labels.verdict(index, s);
  return {
    ...ranking.at(row),
    case: id,
    structure,
    verdict: verdict ?? null,
    reasons: scores.flatMap((score) => {
      const cohort = ranking.cohorts.get(score.structure);
      return cohort ? [reasonsOf(score, cohort, size, calibration)] : [];
    }),
  };
}

export function rankingRoutes(app: Hono, { workspace }: ServerContext): void {
  app.get('/api/ranking', (c) => {
    const { offset, limit, ...asked } = query(c, RankingQuery);
    const opened = workspace.require();
    const ranking = opened.rankings.get(asked);
    const total = ranking?.length ?? 0;
    const entries: RankEntry[] = [];
    for (let row = offset; ranking && row < Math.min(total, offset + limit); row += 1) {
      entries.push(entryOf(opened, ranking, asked.per, row));
    }
    const model = ranking?.model ?? null;
    return c.json({ model, total, offset, entries } satisfies RankingPage);
  });

  app.get('/api/models', (c) => c.json({ models: workspace.require().project.scoredModels() }));

  app.get('/api/insights', (c) => {
    const asked = query(c, InsightsQuery);
    return c.json(workspace.require().insights(asked) satisfies Insights);
  });

  app.get('/api/left', (c) =>
    c.json({ left: workspace.require().left() } satisfies z.infer<typeof LeftResult>),
  );
}
