/** The ranking with its reasons, and what the review has found so far. */
import type { Hono } from 'hono';
import { InsightsQuery, RankingQuery } from '../../contract/api.ts';
import type { Insights, RankingPage } from '../../contract/api.ts';
import type { RankEntry } from '../../contract/terms.ts';
import type { ServerContext } from '../context.ts';
import { query } from '../input.ts';
import type { Opened } from '../workspace.ts';

/** The verdict of now, which may be newer than the ranking. */
function withVerdict(opened: Opened, entry: RankEntry): RankEntry {
  const summary = opened.project.case(entry.case);
  const label = summary?.labels.find(({ structure }) => structure === entry.structure);
  const verdict = entry.structure === null ? summary?.verdict : label?.verdict;
  return { ...entry, verdict: verdict ?? null };
}

export function rankingRoutes(app: Hono, { workspace }: ServerContext): void {
  app.get('/api/ranking', (c) => {
    const { offset, limit, ...asked } = query(c, RankingQuery);
    const opened = workspace.require();
    const ranking = opened.rankings.get(asked);
    const entries = ranking?.entries ?? [];
    return c.json({
      model: ranking?.model ?? null,
      total: entries.length,
      offset,
      entries: entries.slice(offset, offset + limit).map((entry) => withVerdict(opened, entry)),
    } satisfies RankingPage);
  });

  app.get('/api/models', (c) => c.json({ models: workspace.require().project.scoredModels() }));

  app.get('/api/insights', (c) => {
    const asked = query(c, InsightsQuery);
    return c.json(workspace.require().insights(asked) satisfies Insights);
  });
}
