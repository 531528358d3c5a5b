/**
 * One training, from a sample set to trained networks: epochs, checkpoints, metrics, and at the end the
 * average of the last checkpoints. `schedule.ts` says when a training stops early. A person can pause or
 * cancel it between two steps; a crash costs at most one epoch.
 */
import { join } from 'node:path';
import { countParameters } from '../models/graph.ts';
import { SampleSet } from '../models/sampleset.ts';
import { averageCheckpoints, readAveraged } from './averaging.ts';
import type { Backend } from './backends/types.ts';
import { lastCheckpoint, saveCheckpoint } from './checkpoint.ts';
import type { TrainingState } from './checkpoint.ts';
import { judgeCollapse } from './collapse.ts';
import { planEpoch, teach } from './epoch.ts';
import type { Pass } from './epoch.ts';
import { evaluateDice, remeasureStatistics, scoreCases } from './evaluation.ts';
import { judgeLearned } from './learned.ts';
import { Learner } from './learner.ts';
import { appendLine, keepLines } from './lines.ts';
import { EpochMetrics, EpochScores } from './messages.ts';
import type { TrainConfig, TrainerMessage } from './messages.ts';
import { RUN_FILES } from '../models/run-files.ts';
import { mean, quantiles } from '../models/statistics.ts';
import { bestSoFar, stopsEarly, trainingSecondsLeft, qamSay, warmUpEnds } from './schedule.ts';
import { areaShares, divide, labelAreas } from './split.ts';
import type { Split } from './split.ts';
import { viewCases } from './views.ts';

/** Lets the process pause and cancel a training between two steps. */
export interface Control {
  /**
   * Resolves at once, or when a pause is over.
   * @param epoch the last whole epoch
   * @throws TrainingCancelled when a person cancelled the training
   */
  gate(epoch: number): Promise<void>;
}

export class TrainingCancelled extends Error {
  override readonly name = 'TrainingCancelled';
  /** The last whole epoch; a resumed training continues after it. */
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
  /** The run folder whose averaged networks the training starts from, or null to start from scratch. */
  readonly startFrom: string | null;
}

export interface Trained {
  /** Holds the averaged networks, ready to be exported. */
  readonly learner: Learner;
  /** The open sample set; the caller closes it. */
  readonly set: SampleSet;
  /** The ids of the validation and test cases, from which the networks did not learn. */
  readonly heldOut: readonly string[];
  readonly summary: Record<string, unknown>;
}

/** The parts of a training that stay the same from epoch to epoch. */
interface Course {
  readonly backend: Backend;
  readonly config: TrainConfig;
  readonly runFolder: string;
  readonly set: SampleSet;
  readonly split: Split;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly learner: Learner;
  readonly emit: (message: TrainerMessage) => void;
}

/** The quantiles of the weights that `metrics.jsonl` holds. */
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

/**
 * Trains to the end.
 * @throws TrainingCancelled when cancelled; Error in one sentence when the sample set is damaged or too small
 */
export async function train(
  backend: Backend,
  job: TrainingJob,
  emit: (message: TrainerMessage) => void,
  control: Control,
): Promise<Trained> {
  const set = await SampleSet.open(job.sampleSet);
  try {
    const { course, state: start } = await prepare(backend, job, set, emit);
    const { state, metrics } = await runEpochs(course, start, control);
    const { learner, split } = course;
    const unseen = [...split.validation, ...split.test].sort((a, b) => a - b);
    return {
      learner,
      set,
      heldOut: unseen.map((index) => set.manifest.cases[index].id),
      summary: await conclude(course, state, metrics),
    };
  } catch (error) {
    await set.close();
    throw error;
  }
}

async function prepare(
  backend: Backend,
  job: TrainingJob,
  set: SampleSet,
  emit: (message: TrainerMessage) => void,
): Promise<{ course: Course; state: TrainingState }> {
  const { config, runFolder } = job;
  const areas = await labelAreas(set);
  const split = divide(set, areas, config);
  const batchSize = Math.min(config.batch, split.train.length);
  if (batchSize < 2) {
    throw new Error(
      `The training has ${split.train.length} case(s) with a label to learn from: labels are judged against each other, so a training needs at least 2 cases.`,
    );
  }
  const stepsPerEpoch = Math.floor(split.train.length / batchSize);
  const checkpoint = job.resume ? await lastCheckpoint(runFolder) : null;
  const start = checkpoint ?? (job.startFrom === null ? null : await readAveraged(job.startFrom));
  const shares = areaShares(set, areas, split.train);
  const learner = new Learner(backend, config, shares, start ?? undefined);
  if (checkpoint) {
    learner.optimisers().segmenter.load(checkpoint.segmenterAdam);
    learner.optimisers().qam.load(checkpoint.qamAdam);
    learner.references.load(checkpoint.state.references);
  }
  // A training that starts from the networks of another run needs no warm-up.
  const warm = config.warmUp === 0 || (job.startFrom !== null && config.warmUp === 'auto');
  const state = checkpoint?.state ?? {
    epoch: 0,
    warmUpEnded: warm ? 0 : null,
    best: null,
    references: [],
  };
  emit({
    type: 'started',
    backend: backend.name,
    device: backend.device,
    segmenterParameters: countParameters(learner.segmenter.graph),
    qamParameters: countParameters(learner.qam.graph),
    cases: split.train.length,
    validation: split.validation.length,
    stepsPerEpoch,
    epoch: state.epoch,
  });
  const course = {
    backend,
    config,
    runFolder,
    set,
    split,
    batchSize,
    stepsPerEpoch,
    learner,
    emit,
  };
  return { course, state };
}

async function runEpochs(
  course: Course,
  start: TrainingState,
  control: Control,
): Promise<{ state: TrainingState; metrics: EpochMetrics[] }> {
  const { config, set, split, batchSize, stepsPerEpoch, learner, runFolder, emit } = course;
  const { tf } = course.backend;
  const paths = {
    metrics: join(runFolder, RUN_FILES.metrics),
    scores: join(runFolder, RUN_FILES.scores),
  };
  const metrics = await keepLines(paths.metrics, start.epoch, (line) => EpochMetrics.parse(line));
  await keepLines(paths.scores, start.epoch, parseEpoch);
  const pace = { steps: [] as number[], epochs: [] as number[] };
  let state = start;
  while (state.epoch < config.epochs && !stopsEarly(state, config)) {
    const epoch = state.epoch + 1;
    const startedAt = Date.now();
    const phase = config.qam && state.warmUpEnded !== null ? 'joint' : 'warm-up';
    const { batches, augment } = planEpoch(set, split.train, batchSize, config, epoch);
    const gate = (): Promise<void> => control.gate(epoch - 1);
    const onStep = (step: number, loss: number, milliseconds: number): void => {
      pace.steps.push(milliseconds);
      const left = trainingSecondsLeft(pace, stepsPerEpoch, config.epochs - epoch, step);
      emit({
        type: 'step',
        epoch,
        step,
        steps: stepsPerEpoch,
        loss,
        milliseconds,
        secondsLeft: left,
      });
    };
    const say = qamSay(config, state.warmUpEnded, epoch);
    const pass = await teach(tf, learner, set, batches, say, augment, gate, onStep);
    const scores =
      phase === 'joint' ? await scoreCases(tf, learner, set, split.scored, batchSize) : null;
    const line: EpochMetrics = {
      epoch,
      phase,
      loss: mean(pass.losses.filter((loss) => loss !== null)),
      weightedLoss: pass.weightedLoss,
      trainDice: pass.trainDice,
      validationDice: await evaluateDice(tf, learner, set, split.validation, batchSize),
      testDice: await evaluateDice(tf, learner, set, split.test, batchSize),
      weights:
        quantiles(
          pass.weights.filter((weight) => weight !== null),
          QUANTILES,
        ) ?? QUANTILES.map(() => 0),
      seconds: (Date.now() - startedAt) / 1000,
    };
    metrics.push(line);
    state = { ...state, epoch, best: bestSoFar(state, line) };
    if (config.qam && state.warmUpEnded === null) {
      const because = warmUpEnds(config, metrics, stepsPerEpoch);
      if (because !== null) {
        state = { ...state, warmUpEnded: epoch };
        emit({ type: 'warmed-up', epoch, because });
      }
    }
    await appendLine(paths.metrics, line);
    await appendLine(paths.scores, epochScores(set, epoch, scores, pass));
    await checkpointNow(course, state);
    pace.epochs.push(Date.now() - startedAt);
    emit({ type: 'checkpoint', epoch });
    emit({ type: 'epoch', metrics: line });
  }
  return { state, metrics };
}

async function checkpointNow(course: Course, state: TrainingState): Promise<void> {
  const { learner, runFolder, config } = course;
  const optimisers = learner.optimisers();
  const checkpoint = {
    state: { ...state, references: learner.references.state() },
    segmenter: await learner.segmenter.weights(),
    qam: await learner.qam.weights(),
    segmenterAdam: await optimisers.segmenter.state(),
    qamAdam: await optimisers.qam.state(),
  };
  // Keeps at least two checkpoints: if the newest is damaged, the one before it is used.
  await saveCheckpoint(runFolder, checkpoint, Math.max(config.averageEpochs, 2));
}

/**
 * Averages the networks, scores the cases, says which structures were learned, and looks for a collapse.
 * @returns the figures for `run.json`
 */
async function conclude(
  course: Course,
  state: TrainingState,
  metrics: readonly EpochMetrics[],
): Promise<Record<string, unknown>> {
  const { config, set, split, batchSize, learner, runFolder, emit } = course;
  const { tf } = course.backend;
  const averaged = await averageCheckpoints(runFolder, state, config);
  learner.segmenter.load(averaged.segmenter);
  learner.qam.load(averaged.qam);
  if (averaged.epochs > 1) await remeasureStatistics(tf, learner, set, split.train, batchSize);
  const scores = config.qam ? await scoreCases(tf, learner, set, split.scored, batchSize) : null;
  const path = join(runFolder, RUN_FILES.scores);
  // If the run was killed after this point and then resumed, it already has a line of the averaged
  // networks: removes that line.
  await keepLines(path, state.epoch, parseEpoch);
  await appendLine(path, epochScores(set, state.epoch, scores, null));
  const views = await viewCases(tf, learner, set, split.scored, batchSize);
  const { structures } = set.manifest;
  const learned = judgeLearned(views, new Set(split.validation), structures);
  emit({ type: 'learned', reports: learned });
  const trained = new Set(split.train);
  const judged = views
    .filter(({ index }) => trained.has(index))
    .map((view) => ({
      ...view,
      labels: view.labels.filter(({ structure }) => learned[structure].learned),
    }))
    .filter(({ labels }) => labels.length > 0);
  const collapse = config.qam ? judgeCollapse(judged, structures, config.preset) : null;
  if (collapse) emit({ type: 'collapse', report: collapse });
  return {
    epochs: state.epoch,
    warmUpEpochs: state.warmUpEnded,
    averagedEpochs: averaged.epochs,
    stoppedEarly: state.epoch < config.epochs,
    loss: metrics.at(-1)?.loss ?? null,
    validationDice: await evaluateDice(tf, learner, set, split.validation, batchSize),
    testDice: await evaluateDice(tf, learner, set, split.test, batchSize),
    learned,
    collapse,
    seconds: metrics.reduce((sum, line) => sum + line.seconds, 0),
  };
}

/** Makes a line of `scores.jsonl` for an epoch, or for the averaged networks if `pass` is null. */
function epochScores(
  set: SampleSet,
  epoch: number,
  scores: ReadonlyMap<number, number> | null,
  pass: Pick<Pass, 'losses' | 'labelLosses' | 'weights'> | null,
): EpochScores {
  const nobody = set.manifest.cases.map(() => null);
  return {
    epoch,
    averaged: pass === null,
    scores: scores && set.manifest.cases.map((_, index) => scores.get(index) ?? null),
    losses: pass?.losses ?? nobody,
    labelLosses: pass?.labelLosses ?? nobody,
    weights: pass?.weights ?? nobody,
  };
}

function parseEpoch(line: unknown): EpochScores {
  return EpochScores.refine((one) => !one.averaged).parse(line);
}
