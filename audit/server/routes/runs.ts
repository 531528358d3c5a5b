/** Trainings: what ran, with what, and how it went epoch by epoch. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { EpochMetrics, MetricsQuery } from '../../contract/api.ts';
import type { RunInfo } from '../../contract/api.ts';
import type { ProjectReader, Run } from '../../store/types.ts';
import { RUN_FILES } from '../../training/once.ts';
import type { ServerContext } from '../context.ts';
import { query } from '../input.ts';
import { Refusal } from '../respond.ts';

/** A training writes a line an epoch; a line that is not whole yet is left out. */
export function parseMetrics(text: string): EpochMetrics[] {
  const epochs = new Map<number, EpochMetrics>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const parsed = EpochMetrics.safeParse(JSON.parse(line));
      // An epoch that a resumed run repeated counts as it went the last time.
      if (parsed.success) epochs.set(parsed.data.epoch, parsed.data);
    } catch {
      continue;
    }
  }
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}

export function runRoutes(app: Hono, { workspace }: ServerContext): void {
  const view = (project: ProjectReader, run: Run): RunInfo => ({
    ...run,
    current: project.lastRun()?.id === run.id,
  });
  const known = (project: ProjectReader, id: string): Run => {
    const run = project.runs().find((candidate) => candidate.id === id);
    if (!run) throw new Refusal(404, 'The project has no such run.');
    return run;
  };

  app.get('/api/runs', (c) => {
    const { project } = workspace.require();
    return c.json({ runs: project.runs().map((run) => view(project, run)) });
  });

  app.get('/api/runs/:id', (c) => {
    const { project } = workspace.require();
    return c.json(view(project, known(project, c.req.param('id'))));
  });

  app.get('/api/runs/:id/metrics', async (c) => {
    const { after } = query(c, MetricsQuery);
    const { project } = workspace.require();
    const run = known(project, c.req.param('id'));
    const path = join(project.runFolder(run.id), RUN_FILES.metrics);
    const text = await readFile(path, 'utf8').catch(() => '');
    return c.json({ epochs: parseMetrics(text).filter(({ epoch }) => epoch > after) });
  });
}
