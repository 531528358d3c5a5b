/**
 * A run of a project: sample set → trainer → scores → calibration. Each step keeps its results, so
 * an interrupted run resumes where it stopped.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LEAST_CASES } from '../contract/api.ts';
import type { Progress } from '../contract/terms.ts';
import { Interrupted, UserError } from '../errors.ts';
import { buildSampleSet, projectManifest } from '../samples/build.ts';
import { caseGroups } from '../samples/groups.ts';
import { recutSampleSet } from '../samples/recut.ts';
import { lastSoundRun } from '../ranking/model.ts';
import { scoreProject } from '../scoring/score.ts';
import type { ProjectReader, ProjectWriter, Run } from '../store/types.ts';
import { grouped } from '../../models/groups.ts';
import { SampleSet, readSampleSetHead } from '../../models/sampleset.ts';
import { RUN_FILES, foldFolder, pairFolder } from '../../models/run-files.ts';
import type { BackendName, TrainConfig, TrainerMessage } from '../../trainer/messages.ts';
import { RunConfig, checkSize } from './config.ts';
import { calibrateRun } from './calibration.ts';
import { dealFolds, splitInFold, writeFolds } from './folds.ts';
import { pairsFor } from './pairs.ts';
import { judgingParts, pairFolders } from './parts.ts';
import type { JudgingPart } from './parts.ts';
import { trainOnce } from './once.ts';
import type { TrainerControls } from './once.ts';

export interface TrainOptions {
  readonly training: TrainConfig;
  /** Side of the networks' square input, in pixels. */
  readonly size: number;
  /** Name of the backend; null takes the first one that works. */
  readonly backend: BackendName | null;
  /** Number of folds: each is scored by networks trained without it. Null trains once on all cases. */
  readonly folds: number | null;
  /** Pairs of networks that judge every case together; null lets the data decide (`pairsFor`). */
  readonly pairs: 1 | 2 | null;
  /** Starts from random weights even if labels were corrected since the last run. */
  readonly fresh: boolean;
}

/** Callbacks of a run. `part` is the fold or the pair that trains, from 1; null if the run has neither. */
export interface RunEvents {
  readonly signal?: AbortSignal;
  readonly onRun?: (run: Run) => void;
  readonly onMessage?: (message: TrainerMessage, part: number | null) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Called with each trainer that starts: one for each fold or pair. */
  readonly onTrainer?: (trainer: TrainerControls) => void;
  /** Called with one sentence that a person should read. */
  readonly onNotice?: (message: string) => void;
}

/** The newest run if it did not finish, else null. `resumeProject` resumes this run. */
export function unfinishedRun(project: ProjectReader): Run | null {
  const newest = project.runs().at(-1);
  return newest === undefined || newest.status === 'done' ? null : newest;
}

/** Whether two runs have networks of the same shape, so that the weights of one fit the other. */
function fits(before: RunConfig, now: Omit<RunConfig, 'startFrom'>): boolean {
  const shape = ({ training, structures }: Omit<RunConfig, 'startFrom'>): string => {
    const { width, levels, batchNorm, qamWidths, qam, centred, scores, seesProposal } = training;
    const variant = [scores, seesProposal];
    return JSON.stringify([width, levels, batchNorm, qamWidths, qam, centred, variant, structures]);
  };
  return shape(before) === shape(now);
}

/**
 * Whether a label was changed, added, removed or excluded after the sample set at `samples` was made;
 * false if the sample set cannot be read.
 */
async function labelsChanged(
  project: ProjectReader,
  samples: string,
  config: Omit<RunConfig, 'startFrom'>,
): Promise<boolean> {
  const set = await readSampleSetHead(samples).catch(() => null);
  if (set === null) return false;
  const labels = ({ cases }: SampleSet['manifest']): string =>
    JSON.stringify(cases.map(({ id, present, masks }) => [id, present, masks]));
  return labels(set.manifest) !== labels(projectManifest(project, config));
}

/**
 * Id of the run whose weights a new training starts from: the last finished run that did not collapse, if
 * labels were changed after it and its weights fit. Else null, which means random weights. So without corrections, the same
 * command gives the same result.
 */
async function runToStartFrom(
  project: ProjectReader,
  config: Omit<RunConfig, 'startFrom'>,
): Promise<string | null> {
  const last = lastSoundRun(project);
  const before = RunConfig.safeParse(last?.config);
  if (last === null || !before.success || !fits(before.data, config)) return null;
  const folder = project.runFolder(last.id);
  if (!existsSync(join(folder, RUN_FILES.weights))) return null;
  const changed = await labelsChanged(project, join(folder, RUN_FILES.samples), {
    ...config,
    size: before.data.size,
  });
  return changed ? last.id : null;
}

/** Checks that the folds are not too many. @throws UserError when there are too few cases or patients */
function checkFolds(folds: number, cases: SampleSet['manifest']['cases']): void {
  if (folds * 2 > cases.length) {
    throw new UserError(
      `${cases.length} cases are too few for ${folds} folds: choose fewer folds.`,
    );
  }
  const units = grouped(cases, ({ group }) => group).length;
  if (folds > units) {
    throw new UserError(
      `${units === 1 ? 'One patient is' : `${units} patients are`} too few for ${folds} folds, since all images of one are in the same: choose fewer folds.`,
    );
  }
}

/** Trains on all cases at once, one pair of networks after the other, then scores all cases with all pairs. */
async function trainOnAll(
  project: ProjectWriter,
  run: Run,
  config: RunConfig,
  events: RunEvents,
): Promise<unknown> {
  const folder = project.runFolder(run.id);
  const before = config.startFrom === null ? [] : pairFolders(project.runFolder(config.startFrom));
  const summaries: unknown[] = [];
  for (const pair of config.pairs === 1 ? ([1] as const) : ([1, 2] as const)) {
    const summary = await trainOnce({
      runId: run.id,
      folder: pairFolder(folder, pair),
      sampleSet: join(folder, RUN_FILES.samples),
      config: pair === 1 ? config.training : { ...config.training, pair },
      // If the run before had one pair, the second starts from random weights.
      startFrom: before[pair - 1] ?? null,
      backend: config.backend,
      ...(events.signal && { signal: events.signal }),
      onMessage: (message) => events.onMessage?.(message, config.pairs === 1 ? null : pair),
      ...(events.onTrainer && { onTrainer: events.onTrainer }),
    });
    summaries.push(summary);
  }
  for (const part of await judgingParts(folder)) await scoreWith(project, run.id, part, events);
  return config.pairs === 1 ? summaries[0] : { pairs: summaries };
}

/** For each fold: trains on the cases of the other folds, then scores the fold's own cases. */
async function trainInFolds(
  project: ProjectWriter,
  run: Run,
  config: RunConfig,
  count: number,
  events: RunEvents,
): Promise<unknown> {
  const folder = project.runFolder(run.id);
  const all = join(folder, RUN_FILES.samples);
  const file = join(folder, RUN_FILES.folds);
  if (!existsSync(file)) {
    const { seed } = config.training;
    await writeFolds(file, dealFolds(project.caseIds(), count, seed, caseGroups(project)));
  }
  const summaries: unknown[] = [];
  for (const [index, part] of (await judgingParts(folder)).entries()) {
    const own = foldFolder(folder, index + 1);
    const samples = join(own, RUN_FILES.samples);
    const unseen = new Set(part.cases);
    await mkdir(own, { recursive: true });
    if (!(await SampleSet.isWhole(samples))) {
      await recutSampleSet(all, samples, (id, split) => splitInFold(split, unseen.has(id)));
    }
    const summary = await trainOnce({
      runId: run.id,
      folder: own,
      sampleSet: samples,
      config: config.training,
      startFrom: null,
      backend: config.backend,
      ...(events.signal && { signal: events.signal }),
      onMessage: (message) => events.onMessage?.(message, index + 1),
      ...(events.onTrainer && { onTrainer: events.onTrainer }),
    });
    summaries.push(summary);
    await scoreWith(project, run.id, part, events);
  }
  return { folds: summaries };
}

async function scoreWith(
  project: ProjectWriter,
  model: string,
  { pairs, cases }: JudgingPart,
  events: RunEvents,
): Promise<void> {
  const { notices } = await scoreProject(project, {
    pairs,
    model,
    ...(cases && { cases }),
    ...(events.signal && { signal: events.signal }),
    ...(events.onProgress && { onProgress: events.onProgress }),
  });
  for (const { case: id, reason } of notices) events.onNotice?.(`${id}: ${reason}`);
}

/**
 * Scores the labels that a finished run has not scored yet, or that changed after their score, with the
 * run's networks (`judgingParts`). Then calibrates the run if that was not done.
 * @throws UserError when the run has no networks; AbortError when cancelled
 */
export async function scoreRun(
  project: ProjectWriter,
  run: Run,
  events: RunEvents = {},
): Promise<void> {
  for (const part of await judgingParts(project.runFolder(run.id))) {
    await scoreWith(project, run.id, part, events);
  }
  if (project.calibration(run.id) === null) await calibrateRun(project, run, events);
}

/** Does the steps of a run that are not done yet, and stores how the run ended. */
async function carryOut(
  project: ProjectWriter,
  run: Run,
  config: RunConfig,
  events: RunEvents,
): Promise<Run> {
  try {
    events.onRun?.(run);
    const folder = project.runFolder(run.id);
    await mkdir(folder, { recursive: true });
    const samples = join(folder, RUN_FILES.samples);
    if (!(await SampleSet.isWhole(samples))) {
      await buildSampleSet(project, samples, { ...config, ...events });
    }
    const summary =
      config.folds === null
        ? await trainOnAll(project, run, config, events)
        : await trainInFolds(project, run, config, config.folds, events);
    await calibrateRun(project, run, events);
    project.endRun(run.id, { status: 'done', summary });
    return project.run(run.id) ?? run;
  } catch (error) {
    if (events.signal?.aborted === true) project.endRun(run.id, { status: 'cancelled' });
    else {
      const message = error instanceof Error ? error.message : String(error);
      const status = error instanceof Interrupted ? 'interrupted' : 'failed';
      project.endRun(run.id, { status, error: message });
    }
    throw error;
  }
}

/**
 * Trains on the present labels that are not excluded, and scores the project's labels. If the run does
 * not finish, `resumeProject` resumes it.
 * @throws UserError when a setting or the data does not allow the training, or the training fails;
 * AbortError when cancelled
 */
export async function trainProject(
  project: ProjectWriter,
  options: TrainOptions,
  events: RunEvents = {},
): Promise<Run> {
  checkSize(options.size, options.training);
  const config = {
    training: options.training,
    size: options.size,
    backend: options.backend,
    folds: options.folds,
    pairs: options.folds === null ? (options.pairs ?? pairsFor(project, options.training.qam)) : 1,
    structures: project.structures.map(({ name }) => name),
  };
  const { cases } = projectManifest(project, config);
  const count = cases.length;
  if (count < LEAST_CASES) {
    throw new UserError(
      `${project.folder} has ${count === 0 ? 'no case' : 'one case'} with a label that counts: a training needs at least two, so draw some labels first.`,
    );
  }
  if (options.folds !== null) checkFolds(options.folds, cases);
  const startFrom =
    options.fresh || options.folds !== null ? null : await runToStartFrom(project, config);
  if (!options.fresh && project.lastRun() !== null && lastSoundRun(project) === null) {
    events.onNotice?.('Every training so far collapsed, so this one starts from random weights.');
  }
  const complete: RunConfig = { ...config, startFrom };
  return carryOut(project, project.startRun(complete), complete, events);
}

/**
 * Resumes the newest run if it did not finish. The training repeats at most one epoch.
 * @throws UserError when there is no unfinished run; else as `trainProject`
 */
export async function resumeProject(project: ProjectWriter, events: RunEvents = {}): Promise<Run> {
  const run = unfinishedRun(project);
  if (run === null) {
    throw new UserError(
      `${project.folder} has no unfinished training to resume: leave out --resume to start one.`,
    );
  }
  const config = RunConfig.safeParse(run.config);
  if (!config.success) {
    throw new UserError(
      `The training ${run.id} was started by another version of Overread, so this version cannot resume it: start a new training.`,
    );
  }
  const names = project.structures.map(({ name }) => name);
  if (JSON.stringify(config.data.structures) !== JSON.stringify(names)) {
    throw new UserError(
      `The structures were changed after the training ${run.id} began: start a new training.`,
    );
  }
  project.resumeRun(run.id);
  return carryOut(project, project.run(run.id) ?? run, config.data, events);
}
