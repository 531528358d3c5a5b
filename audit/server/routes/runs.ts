/** Trainings: the list of runs, their metrics by epoch, and starting, pausing and ending them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, Hono } from 'hono';
import {
  ChooseRun,
  EpochMetrics,
  MetricsQuery,
  ScoreRequest,
  TrainRequest,
} from '../../contract/api.ts';
import type { RunInfo } from '../../contract/api.ts';
import { isChosen } from '../../ranking/model.ts';
import type { Run } from '../../store/types.ts';
import { RunConfig } from '../../training/config.ts';
import { RUN_FILES } from '../../../models/run-files.ts';
import { partFolder } from '../../training/parts.ts';
import type { TrainerControls } from '../../training/once.ts';
import { unfinishedRun } from '../../training/run.ts';
import { PRESETS, TrainConfig } from '../../../trainer/messages.ts';
import type { ServerContext } from '../http/context.ts';
import { body, query } from '../http/input.ts';
import { Refusal } from '../http/respond.ts';
import type { OpenedProject } from '../project/opened-project.ts';
import { liveOf } from '../tasks/live.ts';
import { resumeTraining, startScoring, startTraining } from '../tasks/training.ts';
import { addressedRun, existingRun } from './found.ts';

/** Parses the trainer's metrics, one line for each epoch; skips a line that is not complete yet. */
function parseMetrics(text: string): EpochMetrics[] {
  const epochs = new Map<number, EpochMetrics>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      const parsed = EpochMetrics.safeParse(JSON.parse(line));
      // A resumed run may repeat an epoch: the last line of an epoch counts.
      if (parsed.success) epochs.set(parsed.data.epoch, parsed.data);
    } catch {
      continue;
    }
  }
  return [...epochs.values()].sort((a, b) => a.epoch - b.epoch);
}

export function runRoutes(app: Hono, context: ServerContext): void {
  const { workspace, tasks, home, trainings } = context;
  const runInfo = ({ project, rankingRun }: OpenedProject, run: Run): RunInfo => ({
    ...run,
    current: rankingRun === run.id,
    chosen: rankingRun === run.id && isChosen(project, run.id),
    live: liveOf(trainings.get(run.id)),
  });

  app.get('/api/runs', (c) => {
    const opened = workspace.require();
    return c.json({ runs: opened.project.runs().map((run) => runInfo(opened, run)) });
  });

  app.get('/api/runs/:id', (c) => {
    const opened = workspace.require();
    return c.json(runInfo(opened, addressedRun(c, opened.project)));
  });

  app.get('/api/runs/:id/metrics', async (c) => {
    const { after, fold } = query(c, MetricsQuery);
    const { project } = workspace.require();
    const run = addressedRun(c, project);
    const path = join(partFolder(project.runFolder(run.id), fold), RUN_FILES.metrics);
    const text = await readFile(path, 'utf8').catch(() => '');
    return c.json({ epochs: parseMetrics(text).filter(({ epoch }) => epoch > after) });
  });

  app.post('/api/runs', async (c) => {
    const { preset, training, size, folds, pairs, fresh, backend } = await body(c, TrainRequest);
    const settings = await home.settings();
    const task = await startTraining(context, workspace.require(), {
      training: TrainConfig.parse({ ...PRESETS[preset], ...training }),
      size,
      folds,
      pairs,
      fresh,
      backend: backend === undefined ? settings.backend : backend,
    });
    return c.json(task, 202);
  });

  /** Resumes the run, which must be the newest one and unfinished. */
  app.post('/api/runs/:id/resume', async (c) => {
    const opened = workspace.require();
    const run = addressedRun(c, opened.project);
    if (trainings.has(run.id)) throw new Refusal(409, 'This training runs already.');
    if (unfinishedRun(opened.project)?.id !== run.id) {
      throw new Refusal(
        409,
        'Only the newest training can be resumed, and only if it did not finish.',
      );
    }
    const config = RunConfig.safeParse(run.config);
    const epochs = config.success ? config.data.training.epochs : 0;
    return c.json(await resumeTraining(context, opened, epochs), 202);
  });

  app.post('/api/runs/:id/cancel', (c) => {
    const run = addressedRun(c, workspace.require().project);
    const task = tasks.cancel(trainings.get(run.id)?.task ?? '');
    if (!task) throw new Refusal(409, 'This training does not run.');
    return c.json(task, 202);
  });

  const trainerOf = (c: Context): TrainerControls => {
    const { project } = workspace.require();
    const trainer = trainings.get(addressedRun(c, project).id)?.trainer;
    if (!trainer) {
      throw new Refusal(409, 'This training cannot be paused now: its trainer does not run.');
    }
    return trainer;
  };
  /**
   * Asks the trainer to pause; the route after this asks it to go on. An event `paused` or `resumed`
   * follows when the trainer has done so.
   */
  app.post('/api/runs/:id/pause', (c) => {
    trainerOf(c).pause();
    return c.json({});
  });
  app.post('/api/runs/:id/continue', (c) => {
    trainerOf(c).resume();
    return c.json({});
  });

  app.put('/api/ranking/run', async (c) => {
    const { run } = await body(c, ChooseRun);
    const opened = workspace.require();
    if (run !== null) opened.rankings.model(existingRun(opened.project, run).id);
    const author = await home.author();
    (await opened.writer()).chooseRun(run, { author });
    opened.changed('scores', null);
    return c.json({});
  });

  app.post('/api/score', async (c) => {
    const { model } = await body(c, ScoreRequest);
    return c.json(await startScoring(context, workspace.require(), model), 202);
  });
}
