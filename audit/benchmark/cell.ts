/**
 * Runs one cell of an experiment: damages the training labels (or takes labels that are wrong already),
 * packs the sample set, trains, and measures how well the exported networks find the wrong labels. The
 * cell's folder keeps the result of each step, so that an interrupted cell continues after its last step.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { OnProgress } from '../datasets/types.ts';
import { trainOnce } from '../training/once.ts';
import { readJson, writeJson } from '../training/json.ts';
import type { BackendName, TrainConfig, TrainerMessage } from '../../trainer/messages.ts';
import { evaluateCrossFitted, trainCrossFitted } from './crossfit.ts';
import { subsetOf } from './dataset.ts';
import type { ExperimentData } from './dataset.ts';
import { givenErrors } from './given.ts';
import { NoiseEntry, isGiven } from './noise.ts';
import type { NoiseSpec } from './noise.ts';
import { claim, curvesOf, readSummary } from './outcome.ts';
import { keepOutlines } from './outlines.ts';
import { packExperiment } from './pack.ts';
import type { CellResult } from './results.ts';
import { evaluateSamples } from './scores.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import { knownMean } from '../../models/statistics.ts';

export interface CellOptions {
  readonly data: ExperimentData;
  readonly noise: NoiseSpec;
  /** Seed of the noise and of the draw of `cases`; the seed of the training is in `training`. */
  readonly seed: number;
  /** Side of the networks' square input, in pixels. */
  readonly size: number;
  /** Number of training cases, drawn at random; without this number, all training cases are used. */
  readonly cases?: number | undefined;
  readonly training: TrainConfig;
  /** Trains two segmenters without a QAM, each on half of the cases, to judge the other half. */
  readonly crossFit?: boolean | undefined;
  /** The cell's folder. */
  readonly out: string;
  readonly backend: BackendName | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** @param fold the number of the fold, from 1, or null if the cell has no cross-fitting */
  readonly onMessage?: (message: TrainerMessage, fold: number | null) => void;
}

/** The names of the files in a cell's folder, and of the folder in it that the training writes to. */
export const CELL_FILES = {
  samples: RUN_FILES.samples,
  noise: 'noise.json',
  run: 'run',
} as const;

/** Reads the list of damaged labels of the cell whose folder is `out`. */
export async function readPlan(out: string): Promise<NoiseEntry[]> {
  return z.array(NoiseEntry).parse(await readJson(join(out, CELL_FILES.noise)));
}

/** The part of a cell's result that is known only after the training. */
type Outcome = Omit<CellResult, 'damaged' | 'cases' | 'structures'>;

/** Trains once on all training cases, and measures the networks. */
async function trainedOutcome(options: CellOptions, plan: readonly NoiseEntry[]): Promise<Outcome> {
  const { training, out, seed, backend, signal, onProgress, onMessage } = options;
  const samples = join(out, CELL_FILES.samples);
  const folder = join(out, CELL_FILES.run);
  await trainOnce({
    runId: `benchmark-${training.qam ? 'qam' : 'plain'}-${seed}`,
    folder,
    sampleSet: samples,
    config: training,
    startFrom: null,
    backend,
    ...(signal && { signal }),
    ...(onMessage && { onMessage: (message) => onMessage(message, null) }),
  });
  const { testDice, collapse, warmUpEpochs, backend: used, seconds } = await readSummary(folder);
  const damaged = new Set(plan.map((entry) => entry.case));
  await keepOutlines(out, samples, join(folder, RUN_FILES.segmenter));
  return {
    ...(training.qam
      ? await evaluateSamples(samples, folder, plan, { signal, onProgress })
      : { evaluations: [] }),
    testDice,
    meanTestDice: knownMean(testDice ?? []),
    collapse,
    warmUp: warmUpEpochs ?? 0,
    curves: await curvesOf(samples, folder, (id) => damaged.has(id)),
    backend: used,
    seconds,
  };
}

/**
 * Trains a segmenter for each fold, and measures the segmenters. The test dice of the cell is the mean
 * over the segmenters.
 */
async function crossFittedOutcome(
  options: CellOptions,
  plan: readonly NoiseEntry[],
): Promise<Outcome> {
  const { training, out, seed, backend, signal, onMessage } = options;
  const job = {
    runId: `benchmark-cross-fit-${seed}`,
    folder: join(out, CELL_FILES.run),
    sampleSet: join(out, CELL_FILES.samples),
    config: training,
    backend,
    ...(signal && { signal }),
    ...(onMessage && { onMessage }),
  };
  const folders = await trainCrossFitted(job);
  const summaries = await Promise.all(folders.map(readSummary));
  const [{ testDice, backend: used }] = summaries;
  const joined =
    testDice?.map((_, s) => knownMean(summaries.map((one) => one.testDice?.[s] ?? null))) ?? null;
  return {
    ...(await evaluateCrossFitted(job, plan)),
    testDice: joined,
    meanTestDice: knownMean(joined ?? []),
    collapse: null,
    warmUp: 0,
    curves: [],
    backend: used,
    seconds: summaries.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/**
 * Runs one cell, or continues an interrupted one.
 * @throws UserError when the data does not fit the cell or the trainer fails; AbortError when cancelled.
 */
export async function runCell(options: CellOptions): Promise<CellResult> {
  const { noise, seed, size, cases, training, crossFit = false, out } = options;
  const data = cases === undefined ? options.data : subsetOf(options.data, cases, seed);
  const given = isGiven(noise) ? data.given : null;
  await claim(out, {
    ...{ root: data.root, noise, seed, size, training },
    ...(cases !== undefined && { cases }),
    ...(crossFit && { crossFit }),
    ...(given && { given: given.root }),
  });
  const samples = join(out, CELL_FILES.samples);
  const noiseFile = join(out, CELL_FILES.noise);
  if (!existsSync(samples) || !existsSync(noiseFile)) {
    const planned = await packExperiment(samples, { ...options, data });
    await writeJson(noiseFile, given ? await givenErrors(samples, given.root) : planned);
  }
  const plan = await readPlan(out);
  const outcome = crossFit
    ? await crossFittedOutcome(options, plan)
    : await trainedOutcome(options, plan);
  return {
    damaged: new Set(plan.map((entry) => entry.case)).size,
    cases: data.splits.train.length,
    structures: [...data.structures],
    ...outcome,
  };
}
