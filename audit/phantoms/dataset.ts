/** Writes a dataset of phantoms with planted label errors to a folder. */
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { threadEntry } from '../thread-entry.ts';
import { planErrors } from '../damage/errors.ts';
import { planLesionErrors } from '../damage/lesions.ts';
import { chooseCases } from '../damage/noise.ts';
import { PHANTOM_STRUCTURES } from './phantom.ts';
import { TRUTH_FILE, readTruth, writeTruth } from '../damage/truth.ts';
import type { TruthError, TruthFile } from '../damage/truth.ts';
import { makeFolders, phantomId, writePhantomCase } from './work.ts';
import type { PhantomLesions, PhantomWork } from './work.ts';
import type { WorkerInput, WorkerReport } from './worker.ts';
import { Random } from '../../models/random.ts';

export interface PhantomDatasetOptions {
  /** Number of cases. */
  readonly count: number;
  /** Side of the images, in pixels. */
  readonly size: number;
  readonly seed: number;
  /** Share of cases with label errors, 0 … 1; errors of lesions are not counted. */
  readonly errorShare: number;
  /** If given, the dataset has the structure `lesion`; a case without a lesion has an empty mask. */
  readonly lesions?: {
    /** Share of the cases with a lesion, 0 … 1. */
    readonly share: number;
    /** Number of wrong labels of lesions, divided by the number of lesions, 0 … 1. */
    readonly errorShare: number;
  };
  /** Number of worker threads; with 1 (the default) the calling thread does the work. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * This file holds the options of a dataset of phantoms. A folder without it was not made by this code.
 */
const RECIPE = 'phantoms.json';
/** Version of the generator; raise it if the same seed gives other pixels. */
const GENERATOR = 1;

async function recipeIn(folder: string): Promise<string | null> {
  return readFile(path.join(folder, RECIPE), 'utf8').catch(() => null);
}

async function isEmpty(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UserError(`${folder} is not a folder that can be read: name another one.`);
  });
  return names.length === 0;
}

/** Starts a worker thread that makes some of the cases and calls `report` after each one. */
function inThread(
  input: WorkerInput,
  report: (report: WorkerReport) => void,
): {
  done: Promise<void>;
  stop: () => Promise<number>;
} {
  const worker = new Worker(threadEntry(import.meta.url, './worker.js'), { workerData: input });
  const done = new Promise<void>((resolve, reject) => {
    worker.on('message', report);
    worker.on('error', reject);
    worker.on('exit', () => {
      resolve();
    });
  });
  return { done, stop: () => worker.terminate() };
}

async function makeCases(work: PhantomWork, options: PhantomDatasetOptions): Promise<TruthError[]> {
  const { count, signal, onProgress, threads = 1 } = options;
  const errors: TruthError[][] = [];
  let done = 0;
  const report = ({ index, errors: found }: WorkerReport): void => {
    errors[index] = found;
    done += 1;
    onProgress?.(done, count);
  };
  const indices = Array.from({ length: count }, (_, index) => index);
  if (threads === 1) {
    for (const index of indices) {
      signal?.throwIfAborted();
      report({ index, errors: await writePhantomCase(work, index) });
    }
    return errors.flat();
  }
  const running = Array.from({ length: threads }, (_, k) =>
    inThread({ work, indices: indices.filter((index) => index % threads === k) }, report),
  );
  const stop = (): void => {
    for (const thread of running) void thread.stop();
  };
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    await Promise.all(running.map((thread) => thread.done));
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(running.map((thread) => thread.stop()));
  }
  signal?.throwIfAborted();
  if (done !== count) throw new Error(`a thread ended after ${done} of ${count} phantoms`);
  return errors.flat();
}

function planLesions(
  ids: readonly string[],
  { lesions, seed }: PhantomDatasetOptions,
): PhantomLesions | null {
  if (lesions === undefined) return null;
  const cases = chooseCases(ids, lesions.share, new Random('lesion plan', seed));
  return { cases, errors: planLesionErrors(ids, cases, { share: lesions.errorShare, seed }) };
}

/**
 * Writes a dataset of phantoms to `out`: `images/` (16-bit PNG), a folder of masks per structure
 * (0 and 255), `truth.json`, and `truth/<structure>/` with the true masks of the cases that have an
 * error. Writes to the folder `<out>.part` and renames it at the end. If an earlier call with the same
 * options was killed, this call continues its work; a complete dataset with the same options is kept.
 * @throws UserError if `out` or `<out>.part` holds other files, or a dataset with other options
 */
export async function writePhantomDataset(
  out: string,
  options: PhantomDatasetOptions,
): Promise<TruthFile> {
  const { count, size, seed, errorShare, lesions } = options;
  const made = { generator: GENERATOR, count, size, seed, errorShare, ...(lesions && { lesions }) };
  const recipe = `${JSON.stringify(made)}\n`;
  const truthFile = path.join(out, TRUTH_FILE);
  if ((await recipeIn(out)) === recipe) return readTruth(truthFile);
  if (!(await isEmpty(out))) {
    throw new UserError(`${out} already holds other files: name another folder, or empty it.`);
  }
  const part = `${out}.part`;
  const begun = await recipeIn(part);
  if (begun !== recipe) {
    // An empty recipe means that an earlier run was killed before it wrote anything else.
    if (begun !== '' && !(await isEmpty(part))) {
      throw new UserError(
        `${part} is left over from a run with other options: delete it, then try again.`,
      );
    }
    await mkdir(part, { recursive: true });
    await writeFile(path.join(part, RECIPE), recipe);
  }
  const cases = Array.from({ length: count }, (_, index) => phantomId(index));
  const errors = planErrors(cases, PHANTOM_STRUCTURES, { share: errorShare, seed });
  const work = { folder: part, seed, size, errors, lesions: planLesions(cases, options) };
  await makeFolders(work);
  const planted = await makeCases(work, options);
  const truth: TruthFile = { version: 1, seed, errors: planted, cases };
  await writeTruth(path.join(part, TRUTH_FILE), truth);
  await rename(part, out);
  return truth;
}
