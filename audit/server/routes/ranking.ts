/** The ranking with its reasons, the review in numbers, and the estimate of errors left. */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { InsightsQuery, RankingQuery } from '../../contract/api.ts';
import type { Insights, LeftResult, RankingPage } from '../../contract/api.ts';
import type { RankEntry } from '../../contract/terms.ts';
import { rankEntry } from '../../ranking/entry.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { ServerContext } from '../http/context.ts';
import { query } from '../http/input.ts';
import type { OpenedProject } from '../project/opened-project.ts';
import type { RankingChoice } from '../project/rankings.ts';

/** Rows of a ranking as the server sends them, with reasons and current verdicts. */
function entriesOf(
  { project, rankings }: OpenedProject,
  choice: RankingChoice,
  ranking: Ranking,
  rows: readonly number[],
): RankEntry[] {
  const calibration = rankings.calibration(ranking.model);
  const unlearned = rankings.ranked(choice)?.unlearned.map(({ structure }) => structure) ?? [];
  const ids = rows.map((row) => ranking.places.cases[ranking.order.cases[row]]);
  const summaries = new Map(
    project.casesOf([...new Set(ids)]).map((summary) => [summary.id, summary]),
  );
  const scored = project.scoresByCase(ranking.model, [...summaries.keys()]);
  return rows.flatMap((row, at): RankEntry[] => {
    const summary = summaries.get(ids[at]);
    if (!summary) return [];
    const scores = (scored.get(summary.id) ?? []).filter(
      (score) => !unlearned.includes(score.structure),
    );
    return [rankEntry(ranking, row, { summary, scores, calibration })];
  });
}

export function rankingRoutes(app: Hono, { workspace }: ServerContext): void {
  app.get('/api/ranking', (c) => {
    const { offset, limit, ...choice } = query(c, RankingQuery);
    const opened = workspace.require();
    const ranking = opened.rankings.get(choice);
    const total = ranking?.length ?? 0;
    const count = Math.max(0, Math.min(limit, total - offset));
    const rows = Array.from({ length: count }, (_, at) => offset + at);
    const entries = ranking ? entriesOf(opened, choice, ranking, rows) : [];
    const model = ranking?.model ?? null;
    return c.json({ model, total, offset, entries } satisfies RankingPage);
  });

  app.get('/api/models', (c) => c.json({ models: workspace.require().project.scoredModels() }));

  app.get('/api/insights', (c) => {
    const wanted = query(c, InsightsQuery);
    return c.json(workspace.require().insights(wanted) satisfies Insights);
  });

  app.get('/api/left', (c) =>
    c.json({ left: workspace.require().left() } satisfies z.infer<typeof LeftResult>),
  );
}
