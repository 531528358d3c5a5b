/**
 * All messages of the trainer's channel, defined once and checked on both sides. This file imports only
 * zod, so `audit/` may import it.
 */
import { z } from 'zod';

export const BackendName = z.enum(['tensorflow', 'webgpu', 'wasm']);
export type BackendName = z.infer<typeof BackendName>;

/** The order in which backends are tried; if a person named a backend, only from that one on. */
export const BACKEND_ORDER: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm'];

/**
 * All settings of one training. A preset (see `PRESETS`) has a value for each; an option of the
 * command line overrides one of them.
 */
export const TrainConfig = z.object({
  preset: z.enum(['overread', 'published']),
  epochs: z.number().int().min(1).max(2000),
  batch: z.number().int().min(2).max(256),
  seed: z.number().int().nonnegative(),
  /** Adam's learning rates, for the segmenter and for the QAM. */
  learningRate: z.number().positive(),
  qamLearningRate: z.number().positive(),
  /** U-Net: channels of the first level, and number of levels. */
  width: z.number().int().min(4).max(128),
  levels: z.number().int().min(2).max(6),
  batchNorm: z.boolean(),
  /** Whether the first predictions are each structure's mean share of the image, instead of one half. */
  priorBias: z.boolean(),
  /** QAM: channels of its blocks; each block is two convolutions and a pooling. */
  qamWidths: z.array(z.number().int().min(4).max(512)).min(2).max(6),
  /** False trains the segmenter alone, for comparisons. */
  qam: z.boolean(),
  /** Epochs before the QAM starts; `auto` watches the segmenter and decides. */
  warmUp: z.union([z.literal('auto'), z.number().int().nonnegative()]),
  /**
   * Over how many of its first epochs the QAM's weights grow from an even share of the loss to their full
   * say; 0 gives them their full say at once.
   */
  sayEpochs: z.number().int().nonnegative().default(0),
  /** Whether the QAM's pooled score is batch-normalised (no scale, no offset) before the OCM. */
  centred: z.boolean(),
  /** How scores become weights: λ·tanh then softmax, softmax alone, tanh alone, or neither. */
  ocm: z.enum(['tanh-softmax', 'softmax', 'tanh', 'none']),
  lambda: z.number().positive(),
  /** The loss that the segmenter learns from; in runs of earlier versions it was the dice loss alone. */
  segmenterLoss: z.enum(['dice', 'dice-cross-entropy']).default('dice'),
  /**
   * What the QAM learns from (`trainer/learner.ts` explains it). The first three are weighted sums: of the
   * dice loss; of the size-neutral cross-entropy; of the segmenter's loss, standardised among drawn labels
   * or among empty ones. With `plain` the QAM learns to predict the dice loss.
   */
  qamObjective: z.enum(['dice', 'size-neutral', 'presence-neutral', 'plain']),
  /** What the QAM scores: the case (the default), or each label, which then has a weight of its own. */
  scores: z.enum(['case', 'label']).optional(),
  /** Whether the QAM also sees the segmenter's probabilities. */
  seesProposal: z.boolean().optional(),
  /** How many of the last epochs are averaged for the export; 1 exports the last epoch. */
  averageEpochs: z.number().int().min(1),
  augment: z.boolean(),
  /** Share of the `train` cases, 0 … 0.5, that is held out if the sample set has no validation cases. */
  validationShare: z.number().min(0).max(0.5),
  /** Stops after this many epochs without a better validation dice; null trains all epochs. */
  patience: z.number().int().positive().nullable(),
  /**
   * Which pair of networks of a run is trained: the second pair has other random numbers than the first, and
   * holds out other cases (`trainer/pair.ts`). Left out, it is the first.
   */
  pair: z.union([z.literal(1), z.literal(2)]).optional(),
});
export type TrainConfig = z.infer<typeof TrainConfig>;

/** The content of `held-out.json` in the run folder: the validation and test cases of the training. */
export const HeldOut = z.object({ version: z.literal(1), cases: z.array(z.string()) });
export type HeldOut = z.infer<typeof HeldOut>;

const SHARED = {
  batch: 8,
  seed: 0,
  learningRate: 1e-3,
  qamLearningRate: 1e-3,
  width: 16,
  levels: 4,
  batchNorm: true,
  qamWidths: [16, 32, 64, 64],
  qam: true,
  ocm: 'tanh-softmax',
  lambda: 2,
} as const;

/** A fixed number of epochs on all training cases, for comparisons. */
export const FIXED_EPOCHS = { epochs: 30, validationShare: 0, patience: null } as const;

/**
 * `published` follows the paper to the letter. `overread`, the default, has the settings that were
 * measured to work; it holds out a tenth of the cases for validation, and stops when the dice of these
 * cases no longer rises.
 */
export const PRESETS: Readonly<Record<TrainConfig['preset'], TrainConfig>> = {
  published: TrainConfig.parse({
    ...SHARED,
    ...FIXED_EPOCHS,
    preset: 'published',
    priorBias: false,
    warmUp: 0,
    centred: false,
    qamObjective: 'dice',
    averageEpochs: 1,
    augment: false,
  }),
  overread: TrainConfig.parse({
    ...SHARED,
    epochs: 60,
    validationShare: 0.1,
    patience: 10,
    preset: 'overread',
    priorBias: true,
    warmUp: 'auto',
    sayEpochs: 6,
    centred: true,
    segmenterLoss: 'dice-cross-entropy',
    qamObjective: 'presence-neutral',
    averageEpochs: 10,
    augment: true,
  }),
};

/** The first message to the trainer's process: its job. */
export const TrainerJob = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('train'),
    runId: z.string(),
    sampleSet: z.string(),
    /** An empty folder; with `resume`, the folder of an interrupted run with the same configuration. */
    runFolder: z.string(),
    config: TrainConfig,
    resume: z.boolean(),
    /** The folder of the run whose weights the training starts from (after corrections), or null. */
    startFrom: z.string().nullable(),
    /** The backend that a person named, to be tried first, or null for the first that works. */
    backend: BackendName.nullable(),
  }),
  /** Fetches and builds the parts that a backend lacks; does nothing if it lacks none. */
  z.object({ type: z.literal('setup'), backend: BackendName }),
  /** Tries one backend with a small training step. */
  z.object({ type: z.literal('probe'), backend: BackendName }),
]);
export type TrainerJob = z.infer<typeof TrainerJob>;

export const TrainerControl = z.object({ type: z.enum(['cancel', 'pause', 'resume']) });
export type TrainerControl = z.infer<typeof TrainerControl>;

/** The figures of one epoch; a line of `metrics.jsonl` in the run folder. */
export const EpochMetrics = z.object({
  epoch: z.number().int().positive(),
  phase: z.enum(['warm-up', 'joint']),
  /** Means over the epoch: of the dice loss without weights, and of the weighted dice loss. */
  loss: z.number(),
  weightedLoss: z.number(),
  /**
   * By structure, the dice on the training, validation and test cases: null for a structure of which no mask
   * is drawn there, and null in place of the array without such cases.
   */
  trainDice: z.array(z.number().nullable()),
  validationDice: z.array(z.number().nullable()).nullable(),
  testDice: z.array(z.number().nullable()).nullable(),
  /** The 5, 25, 50, 75 and 95 % quantiles of the cases' weights, times the batch size. */
  weights: z.array(z.number()).length(5),
  seconds: z.number(),
});
export type EpochMetrics = z.infer<typeof EpochMetrics>;

/**
 * A line of `scores.jsonl` in the run folder: score, losses and weight of every case in one epoch, in the
 * sample set's order.
 */
export const EpochScores = z.object({
  epoch: z.number().int(),
  /** True for the last line, which holds the scores by the averaged, exported networks. */
  averaged: z.boolean(),
  /**
   * The QAM's scores: null for a test case or a case without labels, and null in place of the array before
   * the QAM joins.
   */
  scores: z.array(z.number().nullable()).nullable(),
  /** The dice loss in training, without weights; null for a case that was in none of the epoch's batches. */
  losses: z.array(z.number().nullable()),
  /** By case, the dice loss of each label, null as in `losses`; missing in runs of earlier versions. */
  labelLosses: z.array(z.array(z.number()).nullable()).optional(),
  /** Weight of the case in its batch, times the batch size; null as in `losses`. */
  weights: z.array(z.number().nullable()),
});
export type EpochScores = z.infer<typeof EpochScores>;

/** Whether a training collapsed, found without the truth (see `trainer/collapse.ts`). */
export const CollapseReport = z.object({
  collapsed: z.boolean(),
  /** Tells people which signs were found and what to do. */
  message: z.string(),
  signs: z.record(z.string(), z.number().nullable()),
});
export type CollapseReport = z.infer<typeof CollapseReport>;

/** Whether the segmenter has learned a structure (see `trainer/learned.ts`). */
export const LearnedReport = z.object({
  structure: z.string(),
  learned: z.boolean(),
  /** Number of drawn labels among the training and validation cases. */
  drawn: z.number().int(),
  /** Mean dice of the segmenter's masks with drawn labels, or null if no label is drawn. */
  dice: z.number().nullable(),
  /** Whether `dice` is over held-out labels only; else it is over all drawn labels, trained on or not. */
  heldOut: z.boolean(),
  /** Why the structure is not learned, as the end of a sentence, or null if it is learned. */
  why: z.string().nullable(),
});
export type LearnedReport = z.infer<typeof LearnedReport>;

export const TrainerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    message: z.string(),
    done: z.number(),
    total: z.number(),
  }),
  /** One sentence for people, for example that a backend failed and the next one is taken. */
  z.object({ type: z.literal('notice'), message: z.string() }),
  z.object({
    type: z.literal('started'),
    backend: BackendName,
    device: z.string(),
    segmenterParameters: z.number().int(),
    qamParameters: z.number().int(),
    cases: z.number().int(),
    validation: z.number().int(),
    stepsPerEpoch: z.number().int(),
    /** 0, or the last whole epoch of the resumed run. */
    epoch: z.number().int(),
  }),
  z.object({
    type: z.literal('step'),
    epoch: z.number().int(),
    step: z.number().int(),
    steps: z.number().int(),
    loss: z.number(),
    milliseconds: z.number(),
    secondsLeft: z.number(),
  }),
  z.object({ type: z.literal('epoch'), metrics: EpochMetrics }),
  z.object({ type: z.literal('warmed-up'), epoch: z.number().int(), because: z.string() }),
  z.object({ type: z.literal('checkpoint'), epoch: z.number().int() }),
  z.object({ type: z.literal('learned'), reports: z.array(LearnedReport) }),
  z.object({ type: z.literal('collapse'), report: CollapseReport }),
  z.object({ type: z.literal('exported'), file: z.string() }),
  z.object({
    type: z.literal('probed'),
    backend: BackendName,
    works: z.boolean(),
    device: z.string().nullable(),
    why: z.string(),
  }),
  z.object({ type: z.literal('paused') }),
  z.object({ type: z.literal('resumed') }),
  z.object({ type: z.literal('cancelled'), epoch: z.number().int() }),
  z.object({
    type: z.literal('done'),
    /** The content of `run.json` after a training; empty after other jobs. */
    summary: z.record(z.string(), z.unknown()),
  }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type TrainerMessage = z.infer<typeof TrainerMessage>;
