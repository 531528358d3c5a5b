/**
 * One training from a sample set to a run folder: epochs, checkpoints, metrics, and at the end the
 * averaged networks. Cancelling and pausing happen between steps; a crash costs at most one epoch.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { SampleSet } from '../models/sampleset.ts';
import { readTensors, writeTensors } from '../models/safetensors.ts';
import { averageWeights } from '../models/weights.ts';
import type { Weights } from '../models/weights.ts';
import { augmentation } from './augment.ts';
import type { Backend } from './backends/types.ts';
import { disposeBatch, epochOrder, readBatch } from './batches.ts';
import { checkpointEpochs, lastCheckpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import type { Checkpoint, TrainingState } from './checkpoint.ts';
import { assessCollapse } from './collapse.ts';
import { evaluateDice, restimate, scoreCases } from './evaluation.ts';
import { appendLine, keepLines } from './lines.ts';
import { Learner } from './learner.ts';
import { EpochMetrics } from './messages.ts';
import type { TrainConfig, TrainerMessage } from './messages.ts';
import { areaShares, divide } from './split.ts';
import { meanOf, quantiles } from './statistics.ts';
import { warmedUp } from './warmup.ts';

/** Lets the process pause and cancel a training between two steps. */
export interface Control {
  /**
   * Resolves at once, or when a pause is over.
   * @param epoch the last whole epoch
   * @throws Cancelled
   */
  gate(epoch: number): Promise<void>;
}

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  /** The last whole epoch: what a resumed training goes on from. */
  readonly epoch: number;

  constructor(epoch: number) {
    super(`cancelled after epoch ${epoch}`);
    this.epoch = epoch;
  }
}

export interface TrainingJob {
  readonly sampleSet: string;
  readonly runFolder: string;
  readonly config: TrainConfig;
  readonly resume: boolean;
  readonly startFrom: string | null;
}

/** One line of `scores.jsonl`: what an epoch thought of every case, in the sample set's order. */
export const EpochScores = z.object({
  epoch: z.number().int(),
  /** True for the last line: by the averaged networks that are exported. */
  averaged: z.boolean(),
  /** The QAM's score; null before it joined and for test cases. */
  scores: z.array(z.number().nullable()).nullable(),
  /** Plain dice loss while training; null for a case the epoch left over. */
  losses: z.array(z.number().nullable()),
  /** Weight in its batch times the batch size. */
  weights: z.array(z.number().nullable()),
});
export type EpochScores = z.infer<typeof EpochScores>;

/** The files of a run folder that this module writes. */
export const RUN_FILES = {
  metrics: 'metrics.jsonl',
  scores: 'scores.jsonl',
  averaged: 'weights.safetensors',
};

export interface Trained {
  readonly learner: Learner;
  readonly set: SampleSet;
  readonly summary: Record<string, unknown>;
}

/**
 * Trains to the end.
 * @returns the learner with the averaged networks loaded, ready to be exported
 * @throws Cancelled when told so; Error in one sentence when the sample set cannot be trained on
 */
export async function train(
  backend: Backend,
  job: TrainingJob,
  emit: (message: TrainerMessage) => void,
  control: Control,
): Promise<Trained> {
  const set = await SampleSet.open(job.sampleSet);
  try {
    return await trainOn(set, backend, job, emit, control);
  } catch (error) {
    await set.close();
    throw error;
  }
}

async function trainOn(
  set: SampleSet,
  backend: Backend,
  job: TrainingJob,
  emit: (message: TrainerMessage) => void,
  control: Control,
): Promise<Trained> {
  const { tf } = backend;
  const { config, runFolder } = job;
  const structures = set.manifest.structures;
  const split = divide(set, config);
  const shares = await areaShares(set, split.train);
  const batchSize = Math.min(config.batch, split.train.length);
  const stepsPerEpoch = Math.floor(split.train.length / batchSize);
  if (batchSize < 2) {
    throw new Error(
      `${split.train.length} case(s) with a label to train on: the quality of a label is judged against others, so at least 2 are needed.`,
    );
  }

  const resumed = job.resume ? await lastCheckpoint(runFolder) : null;
  const start = resumed ?? (job.startFrom ? await readAveraged(job.startFrom) : undefined);
  const learner = new Learner(backend, config, shares, start);
  if (resumed) {
    learner.optimisers().segmenter.load(resumed.segmenterAdam);
    learner.optimisers().qam.load(resumed.qamAdam);
  }
  let state: TrainingState = resumed?.state ?? { epoch: 0, warmUpEnded: null, best: null };
  // A training that starts from trained weights has a segmenter that segments.
  if (config.warmUp === 0 || (job.startFrom && config.warmUp === 'auto')) {
    state = { ...state, warmUpEnded: state.warmUpEnded ?? 0 };
  }
  const metrics = await keepLines(join(runFolder, RUN_FILES.metrics), state.epoch, (line) =>
    EpochMetrics.parse(line),
  );
  await keepLines(join(runFolder, RUN_FILES.scores), state.epoch, (line) =>
    EpochScores.parse(line),
  );
  emit({
    type: 'started',
    backend: backend.name,
    device: backend.device,
    segmenterParameters: learner.segmenter.variables.reduce((sum, one) => sum + one.size, 0),
    qamParameters: learner.qam.variables.reduce((sum, one) => sum + one.size, 0),
    cases: split.train.length,
    validation: split.validation.length,
    stepsPerEpoch,
    epoch: state.epoch,
  });

  const stepTimes: number[] = [];
  const epochTimes: number[] = [];
  let stopped = stopsEarly(state, config);
  while (state.epoch < config.epochs && !stopped) {
    const epoch = state.epoch + 1;
    const startedAt = Date.now();
    const joint = config.qam && state.warmUpEnded !== null;
    const phase = joint ? 'joint' : 'warm-up';
    const augment = config.augment
      ? augmentation(set.manifest.width, set.manifest.height, structures.length, config.seed, epoch)
      : undefined;
    const losses: (number | null)[] = set.manifest.cases.map(() => null);
    const weights: (number | null)[] = set.manifest.cases.map(() => null);
    const labelLosses = structures.map((): number[] => []);
    let weighted = 0;
    for (const [index, cases] of epochOrder(split.train, batchSize, config.seed, epoch).entries()) {
      await control.gate(state.epoch);
      const stepStart = performance.now();
      const batch = await readBatch(tf, set, cases, augment);
      const result = learner.step(batch, phase);
      disposeBatch(batch);
      cases.forEach((one, slot) => {
        losses[one] = result.losses[slot];
        weights[one] = result.weights[slot];
        set.manifest.cases[one].present.forEach((present, structure) => {
          if (present) {
            labelLosses[structure].push(result.labelLosses[slot * structures.length + structure]);
          }
        });
      });
      weighted += result.weightedLoss;
      const loss = meanOf(result.losses);
      if (!Number.isFinite(loss)) {
        throw new Error(
          `The loss became ${loss} in epoch ${epoch}: train again with a smaller --learning-rate.`,
        );
      }
      stepTimes.push(performance.now() - stepStart);
      emit({
        type: 'step',
        epoch,
        step: index + 1,
        steps: stepsPerEpoch,
        loss,
        milliseconds: stepTimes[stepTimes.length - 1],
        secondsLeft: timeLeft(
          stepTimes,
          epochTimes,
          stepsPerEpoch,
          config.epochs - epoch,
          index + 1,
        ),
      });
    }

    const scores = joint ? await scoreCases(tf, learner, set, split.scored, batchSize) : null;
    const used = weights.filter((weight) => weight !== null);
    const trainDice = labelLosses.map((values) => (values.length ? 1 - meanOf(values) : null));
    const line: EpochMetrics = {
      epoch,
      phase,
      loss: meanOf(losses.filter((loss) => loss !== null)),
      weightedLoss: weighted / stepsPerEpoch,
      trainDice,
      validationDice: await evaluateDice(tf, learner, set, split.validation, batchSize),
      testDice: await evaluateDice(tf, learner, set, split.test, batchSize),
      weights: quantiles(used, [0.05, 0.25, 0.5, 0.75, 0.95]),
      seconds: (Date.now() - startedAt) / 1000,
    };
    metrics.push(line);
    state = { ...state, epoch };
    if (config.qam && state.warmUpEnded === null) {
      const because = warmUpEnds(config, metrics, stepsPerEpoch);
      if (because !== null) {
        state = { ...state, warmUpEnded: epoch };
        emit({ type: 'warmed-up', epoch, because });
      }
    }
    state = { ...state, best: better(state, line, epoch) };
    const optimisers = learner.optimisers();
    await appendLine(join(runFolder, RUN_FILES.metrics), line);
    await appendLine(join(runFolder, RUN_FILES.scores), {
      epoch,
      averaged: false,
      scores: scores && set.manifest.cases.map((_, index) => scores.get(index) ?? null),
      losses,
      weights,
    } satisfies EpochScores);
    await saveCheckpoint(
      runFolder,
      {
        state,
        segmenter: learner.segmenter.weights(),
        qam: learner.qam.weights(),
        segmenterAdam: optimisers.segmenter.state(),
        qamAdam: optimisers.qam.state(),
      },
      config.averageEpochs,
    );
    epochTimes.push(Date.now() - startedAt);
    emit({ type: 'checkpoint', epoch });
    emit({ type: 'epoch', metrics: line });
    stopped = stopsEarly(state, config);
  }

  const averaged = await average(runFolder, state, config);
  learner.segmenter.load(averaged.segmenter);
  learner.qam.load(averaged.qam);
  if (averaged.epochs > 1) await restimate(tf, learner, set, split.train, batchSize);
  const finalScores = config.qam
    ? await scoreCases(tf, learner, set, split.scored, batchSize)
    : null;
  const lastLosses = metrics.length ? metrics[metrics.length - 1] : null;
  const testDice = await evaluateDice(tf, learner, set, split.test, batchSize);
  const validationDice = await evaluateDice(tf, learner, set, split.validation, batchSize);
  const collapse = config.qam
    ? await assessCollapse(tf, learner, set, split.train, batchSize, metrics)
    : null;
  if (collapse) emit({ type: 'collapse', report: collapse });
  await keepLines(join(runFolder, RUN_FILES.scores), state.epoch, (line) =>
    EpochScores.refine((one) => !one.averaged).parse(line),
  );
  await appendLine(join(runFolder, RUN_FILES.scores), {
    epoch: state.epoch,
    averaged: true,
    scores: finalScores && set.manifest.cases.map((_, index) => finalScores.get(index) ?? null),
    losses: set.manifest.cases.map(() => null),
    weights: set.manifest.cases.map(() => null),
  } satisfies EpochScores);
  return {
    learner,
    set,
    summary: {
      epochs: state.epoch,
      warmUpEpochs: state.warmUpEnded,
      averagedEpochs: averaged.epochs,
      stoppedEarly: state.epoch < config.epochs,
      loss: lastLosses?.loss ?? null,
      validationDice,
      testDice,
      collapse,
      seconds: metrics.reduce((sum, line) => sum + line.seconds, 0),
    },
  };
}

/** The first weights of a training that goes on from another run: its averaged networks. */
async function readAveraged(runFolder: string): Promise<{ segmenter: Weights; qam: Weights }> {
  const { arrays } = await readTensors(join(runFolder, RUN_FILES.averaged));
  return { segmenter: unprefix(arrays, 'segmenter:'), qam: unprefix(arrays, 'qam:') };
}

/** Keeps the averaged networks for the next training and deletes the checkpoints they came from. */
export async function keepAveraged(runFolder: string, learner: Learner): Promise<void> {
  const arrays: Weights = new Map([
    ...prefix(learner.segmenter.weights(), 'segmenter:'),
    ...prefix(learner.qam.weights(), 'qam:'),
  ]);
  await writeTensors(join(runFolder, RUN_FILES.averaged), { arrays, metadata: {} });
}

/**
 * The mean of the last epochs' weights: of those in which the QAM learned, and without the first of
 * them, in which it knew nothing yet.
 */
async function average(
  runFolder: string,
  state: TrainingState,
  config: TrainConfig,
): Promise<{ segmenter: Weights; qam: Weights; epochs: number }> {
  const joined = config.qam ? (state.warmUpEnded ?? 0) + 1 : 0;
  const epochs = (await checkpointEpochs(runFolder))
    .filter((epoch) => epoch > joined || epoch === state.epoch)
    .slice(-config.averageEpochs);
  const checkpoints: Checkpoint[] = [];
  for (const epoch of epochs) checkpoints.push(await loadCheckpoint(runFolder, epoch));
  return {
    segmenter: averageWeights(checkpoints.map((one) => one.segmenter)),
    qam: averageWeights(checkpoints.map((one) => one.qam)),
    epochs: checkpoints.length,
  };
}

function warmUpEnds(
  config: TrainConfig,
  metrics: readonly EpochMetrics[],
  stepsPerEpoch: number,
): string | null {
  if (config.warmUp !== 'auto') {
    return metrics.length >= config.warmUp ? `${config.warmUp} epochs were asked for` : null;
  }
  const history = metrics.map((line) => line.trainDice.map((dice) => 1 - (dice ?? 1)));
  return warmedUp(history, config.epochs, stepsPerEpoch);
}

/** Keeps the best validation dice so far; a step sideways is no progress. */
function better(state: TrainingState, line: EpochMetrics, epoch: number): TrainingState['best'] {
  const known = line.validationDice?.filter((dice) => dice !== null) ?? [];
  if (known.length === 0) return state.best;
  const dice = meanOf(known);
  return state.best && dice < state.best.dice + 1e-3 ? state.best : { epoch, dice };
}

/** The QAM needs its epochs: patience counts from its start at the soonest. */
function stopsEarly(state: TrainingState, config: TrainConfig): boolean {
  if (config.patience === null || state.best === null) return false;
  if (config.qam && state.warmUpEnded === null) return false;
  const since = Math.max(state.best.epoch, state.warmUpEnded ?? 0);
  const enoughToAverage = state.epoch - (state.warmUpEnded ?? 0) > config.averageEpochs;
  return enoughToAverage && state.epoch - since >= config.patience;
}

/** Seconds, from the pace of the last steps and what an epoch needs beside its steps. */
function timeLeft(
  stepTimes: readonly number[],
  epochTimes: readonly number[],
  stepsPerEpoch: number,
  epochsLeft: number,
  step: number,
): number {
  const [pace] = quantiles(stepTimes.slice(-stepsPerEpoch), [0.5]);
  const stepsOnly = pace * stepsPerEpoch;
  const last = epochTimes.length ? epochTimes[epochTimes.length - 1] : stepsOnly;
  const beside = Math.max(0, last - stepsOnly);
  return (pace * (stepsPerEpoch - step) + beside + epochsLeft * (stepsOnly + beside)) / 1000;
}

function prefix(weights: Weights, by: string): Weights {
  return new Map([...weights].map(([name, values]) => [by + name, values]));
}

function unprefix(weights: Weights, by: string): Weights {
  return new Map(
    [...weights].flatMap(([name, values]): [string, Float32Array][] =>
      name.startsWith(by) ? [[name.slice(by.length), values]] : [],
    ),
  );
}
