/** The trainings seen closely: what will be learned from, single cases over time, what moved. */
import type { Hono } from 'hono';
import { MovedQuery, SeriesQuery } from '../../contract/api.ts';
import type { Moved, Outlook, RunSeries } from '../../contract/api.ts';
import { previousModel } from '../../ranking/model.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { ServerContext } from '../http/context.ts';
import { query } from '../http/input.ts';
import { moved } from '../project/rank-changes.ts';
import { Refusal } from '../http/respond.ts';
import { SeriesReader, foldFolder } from '../project/series.ts';

export function trainingRoutes(app: Hono, { workspace }: ServerContext): void {
  const reader = new SeriesReader();
  const known = (project: ProjectReader, id: string): string => {
    if (!project.run(id)) throw new Refusal(404, 'The project has no such run.');
    return id;
  };

  app.get('/api/outlook', async (c) =>
    c.json((await workspace.require().outlook()) satisfies Outlook),
  );

  app.get('/api/runs/:id/series', async (c) => {
    const { count, fold } = query(c, SeriesQuery);
    const { project } = workspace.require();
    const run = known(project, c.req.param('id'));
    const folder = foldFolder(project.runFolder(run), fold);
    return c.json((await reader.read(folder, count)) satisfies RunSeries);
  });

  app.get('/api/runs/:id/moved', (c) => {
    const { top, by, against } = query(c, MovedQuery);
    const opened = workspace.require();
    const { project } = opened;
    const run = known(project, c.req.param('id'));
    const other = against === undefined ? previousModel(project, run) : known(project, against);
    return c.json(moved(opened, { run, against: other, by, top }) satisfies Moved);
  });
}
