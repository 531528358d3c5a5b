/** Responses of the routes about a training: its data, single cases over the epochs, changed ranks. */
import { z } from 'zod';
import {
  BackendName,
  CollapseReport,
  LearnedReport,
  TrainConfig,
} from '../../../trainer/messages.ts';
import { CaseId, RankBy, StructureName, Verdict } from '../terms.ts';

const Count = z.number().int().nonnegative();

/** The configuration of one run of a project: `RunInfo.config`. */
export const RunConfig = z.object({
  training: TrainConfig,
  /** Side of the square that images and labels are resampled to, in pixels. */
  size: z.number().int(),
  /** The backend that the user chose, or null for the first that works. */
  backend: BackendName.nullable(),
  structures: z.array(z.string()).min(1),
  /** Id of the earlier run whose weights this run starts from, or null for random weights. */
  startFrom: z.string().nullable(),
  /** Number of folds, or null if one training takes all cases. */
  folds: z.number().int().min(2).nullable(),
  /** How many pairs of networks are trained and judge every case together; 1 in folds. */
  pairs: z.union([z.literal(1), z.literal(2)]).default(1),
});
export type RunConfig = z.infer<typeof RunConfig>;

/** Figures of a finished training; the interface shows them. */
export const RunSummary = z.object({
  backend: z.string(),
  device: z.string(),
  /** Number of epochs that were trained. */
  epochs: z.number(),
  /** Epochs before the QAM joined, or null if it never did. */
  warmUpEpochs: z.number().nullable().default(null),
  /** Whether the training ended before its last epoch because it no longer improved. */
  stoppedEarly: z.boolean().default(false),
  /** By structure, whether the segmenter has learned it; empty for runs of earlier versions. */
  learned: z.array(LearnedReport).default([]),
  /** Whether the training collapsed, and the signs of it; null if no QAM was trained. */
  collapse: CollapseReport.nullable().default(null),
  /** Duration of the training, in seconds. */
  seconds: z.number(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/**
 * Parses `RunInfo.summary` to a list: one `RunSummary` for each fold or pair of networks, or a single one
 * without either. Parts without figures are left out, so the list may be empty.
 */
export const RunSummaries = z
  .union([
    z.object({ folds: z.array(RunSummary.nullable()) }).transform(({ folds }) => folds),
    z.object({ pairs: z.array(RunSummary.nullable()) }).transform(({ pairs }) => pairs),
    RunSummary.transform((summary) => [summary]),
  ])
  .transform((summaries: readonly (RunSummary | null)[]) =>
    summaries.filter((summary) => summary !== null),
  )
  .catch([]);

/** A training needs labels in this many cases: one is held out. */
export const LEAST_CASES = 2;

/**
 * The labels that a training would learn from if it started now, and how they differ from the labels of
 * the newest finished run.
 */
export const Outlook = z.object({
  /** Number of cases with a label to learn from. */
  cases: Count,
  /** Number of labels to learn from. */
  labels: Count,
  /** Labels with the verdict excluded: the training leaves them out. */
  excluded: Count,
  /** Id of the newest finished run, or null before the first. */
  since: z.string().nullable(),
  /** Labels that were redrawn or added since the run `since`. */
  correctedSince: Count,
  /** Labels that the run `since` learned from and that a new run would leave out. */
  excludedSince: Count,
  /** Labels with an unchanged mask that the run `since` left out and that a new run would learn from. */
  returnedSince: Count,
  /** Mean duration of an epoch of the run `since`, in seconds, or null if unknown. */
  secondsPerEpoch: z.number().nullable(),
  /** The backend of the run `since`, or null if unknown. */
  backend: z.string().nullable(),
  /** The device of the run `since`, or null if unknown. */
  device: z.string().nullable(),
});
export type Outlook = z.infer<typeof Outlook>;

export const SeriesQuery = z.object({
  /** Asks for this many cases with the lowest scores and as many cases with the highest scores. */
  count: z.coerce.number().int().min(1).max(20).default(5),
  /** The fold, from 1, of a training in folds, or the pair of networks where there are two. */
  fold: z.coerce.number().int().positive().max(100).optional(),
});
export type SeriesQuery = z.input<typeof SeriesQuery>;

/** One case over the epochs: each list has one value for each of `RunSeries.epochs`. */
const CaseSeries = z.object({
  case: CaseId,
  /**
   * The case's weight in the loss of its batch, times the batch size, so that 1 is average; null if the case
   * was in no batch of the epoch.
   */
  weights: z.array(z.number().nullable()),
  /** The QAM's score, or null before the QAM joined and for test cases. */
  scores: z.array(z.number().nullable()),
});

/** Scores and weights over the epochs, of the cases that ended with the lowest and highest scores. */
export const RunSeries = z.object({
  /** Numbers of the epochs, from 1, ascending. */
  epochs: z.array(z.number().int().positive()),
  /** Number of cases that have a score. */
  total: Count,
  /** The cases with the lowest scores, lowest first. */
  lowest: z.array(CaseSeries),
  /** The cases with the highest scores, highest first. */
  highest: z.array(CaseSeries),
});
export type RunSeries = z.infer<typeof RunSeries>;

export const MovedQuery = z.object({
  /** Number of the worst ranks that count as the top. */
  top: z.coerce.number().int().min(1).max(200).default(20),
  by: RankBy.default('combined'),
  /** Id of the run to compare with. Default: the newest earlier run with scores. */
  against: z.string().max(200).optional(),
});
export type MovedQuery = z.input<typeof MovedQuery>;

/** One case, with its rank in each of the two rankings. */
export const MovedCase = z.object({
  case: CaseId,
  /** Rank by the earlier run, from 1, or null if that run did not rank the case. */
  before: z.number().int().positive().nullable(),
  /** Rank by the later run, from 1, or null if that run did not rank the case. */
  after: z.number().int().positive().nullable(),
  verdict: Verdict.nullable(),
  /** The case's worst structure by the later run, or null if that run did not rank the case. */
  structure: StructureName.nullable(),
});
export type MovedCase = z.infer<typeof MovedCase>;

/** How the ranking changed from an earlier run to a later one. */
export const Moved = z.object({
  /** Id of the later run. */
  run: z.string(),
  /** Id of the earlier run, or null if there is none: then every `before` is null. */
  against: z.string().nullable(),
  /** The number of ranks in the top, as in `MovedQuery`. */
  top: Count,
  /** Number of cases that each run ranked. */
  totals: z.object({ before: Count, after: Count }),
  /** Cases that are in the top of at least one ranking, sorted by `after`; null comes last. */
  cases: z.array(MovedCase),
  /** Number of cases that came into the top; 0 without an earlier run. */
  entered: Count,
  /** Number of cases that left the top. */
  left: Count,
  /**
   * For each structure: the mean dice (0 … 1) between the label and the run's proposal, over the `labels`
   * that have a dice by both runs; null if there are no such labels.
   */
  dice: z.array(
    z.object({
      structure: StructureName,
      before: z.number().nullable(),
      after: z.number().nullable(),
      labels: Count,
    }),
  ),
  /** Correlation of the two runs' ranks, −1 … 1, or null if fewer than three cases are in both. */
  agreement: z.number().nullable(),
});
export type Moved = z.infer<typeof Moved>;
