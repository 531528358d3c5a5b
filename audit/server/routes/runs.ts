/** Trainings: what ran, with what, and how it went epoch by epoch. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { EpochMetrics, MetricsQuery, ScoreRequest, TrainRequest } from '../../contract/api.ts';
import type { RunInfo } from '../../contract/api.ts';
import type { ProjectReader, Run } from '../../store/types.ts';
import { RunConfig } from '../../training/config.ts';
import { RUN_FILES } from '../../training/once.ts';
import type { TrainerControls } from '../../training/once.ts';
import { unfinishedRun } from '../../training/run.ts';
import { PRESETS, TrainConfig } from '../../../trainer/messages.ts';
import type { ServerContext } from '../http/context.ts';
import { body, query } from '../http/input.ts';
import { Refusal } from '../http/respond.ts';
import { liveOf } from '../tasks/live.ts';
import { resumeTraining, startScoring, startTraining } from '../tasks/training.ts';
import { foldFolder } from '../project/series.ts';

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

export function runRoutes(app: Hono, context: ServerContext): void {
  const { workspace, tasks, home, trainings } = context;
  const view = (project: ProjectReader, run: Run): RunInfo => ({
    ...run,
    current: project.lastRun()?.id === run.id,
    live: liveOf(trainings.get(run.id)),
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
    const { after, fold } = query(c, MetricsQuery);
    const { project } = workspace.require();
    const run = known(project, c.req.param('id'));
    const path = join(foldFolder(project.runFolder(run.id), fold), RUN_FILES.metrics);
    const text = await readFile(path, 'utf8').catch(() => '');
    return c.json({ epochs: parseMetrics(text).filter(({ epoch }) => epoch > after) });
  });

  app.post('/api/runs', async (c) => {
    const { preset, training, size, folds, fresh, backend } = await body(c, TrainRequest);
    const settings = await home.settings();
    const task = await startTraining(context, workspace.require(), {
      training: TrainConfig.parse({ ...PRESETS[preset], ...training }),
      size,
      folds,
      fresh,
      backend: backend === undefined ? settings.backend : backend,
    });
    return c.json(task, 202);
  });

  /** Goes on with the newest run, when it did not end well. */
  app.post('/api/runs/:id/resume', async (c) => {
    const opened = workspace.require();
    const run = known(opened.project, c.req.param('id'));
    if (trainings.has(run.id)) throw new Refusal(409, 'This training runs already.');
    if (unfinishedRun(opened.project)?.id !== run.id) {
      throw new Refusal(409, 'Only the newest training can be resumed, if it did not end.');
    }
    const config = RunConfig.safeParse(run.config);
    const epochs = config.success ? config.data.training.epochs : 0;
    return c.json(await resumeTraining(context, opened, epochs), 202);
  });

  app.post('/api/runs/:id/cancel', (c) => {
    const run = known(workspace.require().project, c.req.param('id'));
    const task = tasks.cancel(trainings.get(run.id)?.task ?? '');
    if (!task) throw new Refusal(409, 'This training does not run.');
    return c.json(task, 202);
  });

  const control = (id: string): TrainerControls => {
    const { project } = workspace.require();
    const trainer = trainings.get(known(project, id).id)?.trainer;
    if (!trainer) throw new Refusal(409, 'This training has nothing to pause now.');
    return trainer;
  };
  /** The trainer says `paused` and `resumed` in its events. */
  app.post('/api/runs/:id/pause', (c) => {
    control(c.req.param('id')).pause();
    return c.json({});
  });
  app.post('/api/runs/:id/continue', (c) => {
    control(c.req.param('id')).resume();
    return c.json({});
  });

  app.post('/api/score', async (c) => {
    const { model } = await body(c, ScoreRequest);
    return c.json(await startScoring(context, workspace.require(), model), 202);
  });
}
