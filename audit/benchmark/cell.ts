/**
 * One cell of an experiment, from noise to figures: damage the training labels, pack the sample set,
 * train, and compare what the exported networks say with what was damaged. Every step is kept in the
 * cell's folder, so that a cell that was cut off goes on where it stopped.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { OnProgress } from '../datasets/types.ts';
import { UserError } from '../errors.ts';
import { RUN_FILES, trainOnce } from '../training/once.ts';
import { readJson, writeJson } from '../training/json.ts';
import { SampleSet } from '../../models/sampleset.ts';
import { CollapseReport } from '../../trainer/messages.ts';
import type { BackendName, TrainConfig, TrainerMessage } from '../../trainer/messages.ts';
import type { ExperimentData } from './dataset.ts';
import { NoiseEntry } from './noise.ts';
import type { NoiseSpec } from './noise.ts';
import { epochCurves, readEpochScores } from './epochs.ts';
import { packExperiment } from './pack.ts';
import type { CellResult } from './results.ts';
import { evaluateSamples } from './scores.ts';

export interface CellOptions {
  readonly data: ExperimentData;
  readonly noise: NoiseSpec;
  /** Of the noise; the training's own is in `training`. */
  readonly seed: number;
  /** Side of the square, in pixels. */
  readonly size: number;
  readonly training: TrainConfig;
  /** The cell's folder. */
  readonly out: string;
  readonly backend: BackendName | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onMessage?: (message: TrainerMessage) => void;
}

/** What of `run.json` the figures need. */
const Summary = z.object({
  backend: z.string(),
  testDice: z.array(z.number().nullable()).nullable(),
  collapse: CollapseReport.nullable(),
  /** Null without a QAM. */
  warmUpEpochs: z.number().int().nonnegative().nullable(),
  seconds: z.number(),
});

/** The folder holds this experiment and no other, now and when it is gone on with. */
async function claim(out: string, spec: unknown): Promise<void> {
  const file = join(out, 'experiment.json');
  await mkdir(out, { recursive: true });
  const before = await readJson(file);
  if (before === null) return writeJson(file, spec);
  if (JSON.stringify(before) !== JSON.stringify(spec)) {
    throw new UserError(`${out} holds another experiment: choose another folder with --out.`);
  }
}

function meanOf(values: readonly (number | null)[] | null): number | null {
  const known = values?.filter((value) => value !== null) ?? [];
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/**
 * Runs one cell, or goes on with it.
 * @throws UserError when the data or the trainer does not allow it; AbortError when cancelled.
 */
export async function runCell(options: CellOptions): Promise<CellResult> {
  const { data, noise, seed, size, training, out, signal, onProgress, onMessage } = options;
  const events = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  await claim(out, { root: data.root, noise, seed, size, training });
  const samples = join(out, RUN_FILES.samples);
  const noiseFile = join(out, 'noise.json');
  if (!existsSync(samples) || !existsSync(noiseFile)) {
    await writeJson(
      noiseFile,
      await packExperiment(samples, { data, noise, seed, size, ...events }),
    );
  }
  const folder = join(out, 'run');
  await trainOnce({
    runId: `benchmark-${training.qam ? 'qam' : 'plain'}-${seed}`,
    folder,
    sampleSet: samples,
    config: training,
    startFrom: null,
    backend: options.backend,
    ...(signal && { signal }),
    ...(onMessage && { onMessage }),
  });
  const summary = Summary.parse(await readJson(join(folder, RUN_FILES.summary)));
  const plan = z.array(NoiseEntry).parse(await readJson(noiseFile));
  const damaged = new Set(plan.map((entry) => entry.case));
  const set = await SampleSet.open(samples);
  const known = set.manifest.cases.map(({ id, split }) =>
    split === 'train' ? damaged.has(id) : null,
  );
  await set.close();
  const epochs = await readEpochScores(join(folder, RUN_FILES.scores));
  return {
    damaged: damaged.size,
    cases: data.splits.train.length,
    structures: [...data.structures],
    evaluations: training.qam ? [...(await evaluateSamples(samples, folder, damaged, events))] : [],
    testDice: summary.testDice,
    meanTestDice: meanOf(summary.testDice),
    collapse: summary.collapse,
    warmUp: summary.warmUpEpochs ?? 0,
    curves: epochCurves(epochs, known),
    backend: summary.backend,
    seconds: summary.seconds,
  };
}
