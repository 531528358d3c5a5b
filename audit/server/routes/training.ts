/**
 * Details of trainings: the data that the next one would use, figures of single cases by epoch, and how
 * the ranking changed from one run to another.
 */
import type { Hono } from 'hono';
import { MovedQuery, SeriesQuery } from '../../contract/api.ts';
import type { Moved, Outlook, RunSeries } from '../../contract/api.ts';
import { previousModel } from '../../ranking/model.ts';
import type { ServerContext } from '../http/context.ts';
import { query } from '../http/input.ts';
import { rankChanges } from '../project/rank-changes.ts';
import { partFolder } from '../../training/parts.ts';
import { SeriesReader } from '../project/series.ts';
import { addressedRun, existingRun } from './found.ts';

export function trainingRoutes(app: Hono, { workspace }: ServerContext): void {
  const reader = new SeriesReader();

  app.get('/api/outlook', async (c) =>
    c.json((await workspace.require().outlook()) satisfies Outlook),
  );

  app.get('/api/runs/:id/series', async (c) => {
    const { count, fold } = query(c, SeriesQuery);
    const { project } = workspace.require();
    const folder = partFolder(project.runFolder(addressedRun(c, project).id), fold);
    return c.json((await reader.read(folder, count)) satisfies RunSeries);
  });

  app.get('/api/runs/:id/moved', (c) => {
    const { top, by, against } = query(c, MovedQuery);
    const opened = workspace.require();
    const { project } = opened;
    const run = addressedRun(c, project).id;
    const other =
      against === undefined ? previousModel(project, run) : existingRun(project, against).id;
    return c.json(rankChanges(opened, { run, against: other, by, top }) satisfies Moved);
  });
}
