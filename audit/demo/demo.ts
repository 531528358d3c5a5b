/**
 * The steps of the demo, which the command line and the window share: make phantoms (X-rays drawn by
 * code) with planted errors, import them into a project, choose a backend, train. Each step uses what
 * an earlier call left, so a stopped demo resumes.
 */
import { existsSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../contract/terms.ts';
import { createFromDataset } from '../datasets/import/create.ts';
import { openDataset } from '../datasets/registry.ts';
import { secondsLeft } from '../datasets/import/pipeline.ts';
import { writePhantomDataset } from '../phantoms/dataset.ts';
import { openProject } from '../store/project.ts';
import type { ProjectWriter, Run } from '../store/types.ts';
import { probeBackend, setUpBackend } from '../training/backends.ts';
import { resumeProject, trainProject, unfinishedRun } from '../training/run.ts';
import type { RunEvents } from '../training/run.ts';
import { BACKEND_ORDER, FIXED_EPOCHS, PRESETS } from '../../trainer/messages.ts';
import type { BackendName } from '../../trainer/messages.ts';

export interface DemoPlan {
  /** Number of X-rays. */
  readonly count: number;
  /** Side of an X-ray, in pixels. */
  readonly imageSize: number;
  /** Share of the cases with an error, 0 … 1. */
  readonly errorShare: number;
  readonly seed: number;
  readonly epochs: number;
  /** Side of the networks' square input, in pixels. */
  readonly size: number;
}

export const DEMO_PLAN: DemoPlan = {
  count: 100,
  imageSize: 512,
  errorShare: 0.2,
  seed: 0,
  epochs: 30,
  size: 64,
};

export interface DemoEvents {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Called with one sentence that a person should read. */
  readonly onNotice: (message: string) => void;
}

export interface DemoPlaces {
  /** Folder of the phantoms. */
  readonly dataset: string;
  /** Folder of the project. */
  readonly project: string;
}

/** The folders of the demo's dataset and project inside the demo's folder. */
export function demoPlaces(folder: string): DemoPlaces {
  return { dataset: join(folder, 'phantoms'), project: join(folder, 'demo.overread') };
}

/**
 * The folder in which the window makes the demo: `OVERREAD_DEMO` if it is set, else `overread-demo` in
 * the home folder.
 */
export function demoFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['OVERREAD_DEMO'] ?? join(homedir(), 'overread-demo');
}

/** How far the demo in `folder` has come; `ready` if its project is trained. */
export async function demoState(folder: string): Promise<'none' | 'begun' | 'ready'> {
  const { dataset, project } = demoPlaces(folder);
  if (existsSync(join(project, 'project.db'))) {
    const opened = await openProject(project).catch(() => null);
    const trained = opened !== null && opened.lastRun() !== null;
    opened?.close();
    return trained ? 'ready' : 'begun';
  }
  return existsSync(dataset) || existsSync(`${dataset}.part`) ? 'begun' : 'none';
}

/**
 * Makes the phantoms and imports them into a project.
 * @returns the open project
 * @throws UserError when the folder holds other files; AbortError when cancelled
 */
export async function makeDemoProject(
  folder: string,
  plan: DemoPlan,
  events: Pick<DemoEvents, 'signal' | 'onProgress'>,
): Promise<ProjectWriter> {
  const { dataset, project: place } = demoPlaces(folder);
  const { count, imageSize, seed, errorShare } = plan;
  const { signal, onProgress } = events;
  const startedAt = performance.now();
  await writePhantomDataset(dataset, {
    count,
    size: imageSize,
    seed,
    errorShare,
    threads: availableParallelism(),
    signal,
    onProgress: (done, total) =>
      onProgress({
        task: 'demo',
        message: 'Making phantoms',
        done,
        total,
        secondsLeft: secondsLeft(startedAt, done, total),
      }),
  });
  const listing = await openDataset(dataset, {}, undefined, { signal });
  const { project } = await createFromDataset(place, listing, {
    purpose: 'overread demo',
    signal,
    onProgress,
  });
  return project;
}

/**
 * Sets up and tries one backend after the other. A notice says why a backend cannot be used.
 * @returns the first backend that works, else `wasm`
 */
export async function chooseBackend(events: DemoEvents): Promise<BackendName> {
  const { signal, onProgress, onNotice } = events;
  for (const backend of BACKEND_ORDER) {
    const why = await setUpBackend(backend, { signal, onProgress, onNotice });
    signal.throwIfAborted();
    const report = why === null ? await probeBackend(backend, { signal }) : null;
    signal.throwIfAborted();
    if (report?.works === true) return backend;
    onNotice(`${backend} cannot be used: ${why ?? report?.why ?? ''}`);
  }
  return 'wasm';
}

/**
 * Trains the demo's project unless it is trained, or resumes a training that stopped.
 * @param backend chooses the backend; called only for a new training
 * @returns the finished run
 */
export async function trainDemo(
  project: ProjectWriter,
  plan: Pick<DemoPlan, 'epochs' | 'seed' | 'size'>,
  backend: () => Promise<BackendName>,
  events: RunEvents,
): Promise<Run> {
  const trained = project.lastRun();
  if (trained !== null) return trained;
  if (unfinishedRun(project) !== null) return resumeProject(project, events);
  const { epochs, seed, size } = plan;
  return trainProject(
    project,
    {
      training: { ...PRESETS.overread, ...FIXED_EPOCHS, epochs, seed },
      size,
      backend: await backend(),
      folds: null,
      pairs: 1,
      fresh: true,
    },
    events,
  );
}
