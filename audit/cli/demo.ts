/**
 * The demo: phantoms with planted errors, from nothing to a ranked list compared with the truth.
 * Each step finds what an earlier call left, so a demo that was killed goes on where it stopped.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { findTruth, truthOf } from '../benchmark/truth.ts';
import type { RankEntry } from '../contract/terms.ts';
import { createFromDataset } from '../datasets/create.ts';
import { openDataset } from '../datasets/formats.ts';
import { writePhantomDataset } from '../phantoms/dataset.ts';
import type { TruthError } from '../phantoms/truth.ts';
import { evaluateProject } from '../ranking/evaluate.ts';
import type { Evaluation } from '../ranking/evaluate.ts';
import { rankProject } from '../ranking/rank.ts';
import type { ProjectWriter } from '../store/types.ts';
import { probeBackend, setUpBackend } from '../training/backends.ts';
import { resumeProject, trainProject, unfinishedRun } from '../training/run.ts';
import type { RunEvents, TrainOptions } from '../training/run.ts';
import { BACKEND_ORDER, FIXED_EPOCHS, PRESETS } from '../../trainer/messages.ts';
import type { BackendName } from '../../trainer/messages.ts';
import type { Session } from './command.ts';
import { trainAndTell } from './commands/train.ts';

export interface DemoOptions {
  readonly dir: string;
  readonly count: number;
  /** Pixels of a phantom's side. */
  readonly imageSize: number;
  /** Share of the cases with an error. */
  readonly errorShare: number;
  readonly seed: number;
  /** What computes; null sets the fastest up and takes the first that works. */
  readonly backend: BackendName | null;
  readonly epochs: number;
  /** Side of the square the networks see. */
  readonly size: number;
}

export interface DemoResult {
  readonly project: string;
  readonly ranking: readonly RankEntry[];
  readonly errors: readonly TruthError[];
  readonly evaluations: readonly Evaluation[];
}

/** Wasm always works, but slowly: say in one line why nothing faster computes. */
async function chooseBackend(session: Session): Promise<BackendName> {
  const { terminal, signal } = session;
  for (const backend of BACKEND_ORDER) {
    const why = await setUpBackend(backend, {
      signal,
      onProgress: (progress) => terminal.progress(progress),
      onNotice: (message) => terminal.say(message),
    });
    terminal.endProgress();
    signal.throwIfAborted();
    const report = why === null ? await probeBackend(backend, { signal }) : null;
    signal.throwIfAborted();
    if (report?.works === true) return backend;
    terminal.say(`${backend} cannot be used: ${why ?? report?.why ?? ''}`);
  }
  return 'wasm';
}

async function train(
  project: ProjectWriter,
  options: DemoOptions,
  session: Session,
): Promise<void> {
  if (project.lastRun() !== null) return;
  const unfinished = unfinishedRun(project);
  const work = async (events: RunEvents) => {
    if (unfinished !== null) return resumeProject(project, events);
    const { epochs, seed, size } = options;
    const settings: TrainOptions = {
      training: { ...PRESETS.overread, ...FIXED_EPOCHS, epochs, seed },
      size,
      backend: options.backend ?? (await chooseBackend(session)),
      folds: null,
      fresh: true,
    };
    return trainProject(project, settings, events);
  };
  await trainAndTell(project, session, 'progress', work);
}

/** Makes the demo project in `dir`, or goes on with it, up to the evaluated ranking. */
export async function runDemo(options: DemoOptions, session: Session): Promise<DemoResult> {
  const { terminal, signal } = session;
  const { dir, count, imageSize, errorShare, seed } = options;
  const dataset = join(dir, 'phantoms');
  const folder = join(dir, 'demo.overread');
  await writePhantomDataset(dataset, {
    count,
    size: imageSize,
    seed,
    errorShare,
    threads: availableParallelism(),
    signal,
    onProgress: (done, total) =>
      terminal.progress({
        task: 'demo',
        message: 'Making phantoms',
        done,
        total,
        secondsLeft: null,
      }),
  });
  terminal.endProgress();
  const listing = await openDataset(dataset);
  const { project } = await createFromDataset(folder, listing, {
    purpose: 'overread demo',
    signal,
    onProgress: (progress) => terminal.progress(progress),
  });
  terminal.endProgress();
  try {
    await train(project, options, session);
    const truth = await findTruth(dataset);
    return {
      project: folder,
      ranking: rankProject(project, { by: 'combined', per: 'case' }),
      errors: truth.errors,
      evaluations: evaluateProject(project, truthOf(truth)),
    };
  } finally {
    project.close();
  }
}
