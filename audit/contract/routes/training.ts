/** The trainings seen closely: what will be learned from, single cases over time, what moved. */
import { z } from 'zod';
import { BackendName, CollapseReport, TrainConfig } from '../../../trainer/messages.ts';
import { CaseId, RankBy, StructureName, Verdict } from '../terms.ts';

const Count = z.number().int().nonnegative();

/** The configuration of one run of a project: `RunInfo.config`. */
export const RunConfig = z.object({
  training: TrainConfig,
  /** Side of the square that images and labels are resampled to. */
  size: z.number().int(),
  /** Asked for by the user; null takes the first that works. */
  backend: BackendName.nullable(),
  structures: z.array(z.string()).min(1),
  /** Run whose weights this one starts from. */
  startFrom: z.string().nullable(),
  /** Number of folds, each scored by networks that have not seen it; null trains once on all. */
  folds: z.number().int().min(2).nullable(),
});
export type RunConfig = z.infer<typeof RunConfig>;

/** The figures a training ended with, as far as they are shown. */
export const RunSummary = z.object({
  backend: z.string(),
  device: z.string(),
  epochs: z.number(),
  warmUpEpochs: z.number().nullable().default(null),
  stoppedEarly: z.boolean().default(false),
  collapse: CollapseReport.nullable().default(null),
  seconds: z.number(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** `RunInfo.summary`: one training, or one for each fold. Empty where it says nothing of itself. */
export const RunSummaries = z
  .union([
    z.object({ folds: z.array(RunSummary.nullable()) }).transform(({ folds }) => folds),
    RunSummary.transform((summary) => [summary]),
  ])
  .transform((summaries: readonly (RunSummary | null)[]) =>
    summaries.filter((summary) => summary !== null),
  )
  .catch([]);

/** What a training that starts now would learn from, and what changed since the newest one. */
export const Outlook = z.object({
  cases: Count,
  labels: Count,
  /** Labels that are left out by their verdict. */
  excluded: Count,
  /** The newest finished run; null before the first. */
  since: z.string().nullable(),
  /** Since then: labels that were redrawn or are new, that are left out now, and that are back. */
  correctedSince: Count,
  excludedSince: Count,
  returnedSince: Count,
  /** Seconds an epoch of it took, and what it computed with. */
  secondsPerEpoch: z.number().nullable(),
  backend: z.string().nullable(),
  device: z.string().nullable(),
});
export type Outlook = z.infer<typeof Outlook>;

export const SeriesQuery = z.object({
  /** How many of the least, and of the most trusted cases. */
  count: z.coerce.number().int().min(1).max(20).default(5),
  fold: z.coerce.number().int().positive().max(100).optional(),
});
export type SeriesQuery = z.input<typeof SeriesQuery>;

/** One case over the epochs; values at the place of the epoch in `RunSeries.epochs`. */
export const CaseSeries = z.object({
  case: CaseId,
  /** Weight in its batch times the batch size: 1 is an average say. Null where it had none. */
  weights: z.array(z.number().nullable()),
  /** The QAM's score; null before it joined. */
  scores: z.array(z.number().nullable()),
});
export type CaseSeries = z.infer<typeof CaseSeries>;

/** How the trust in single cases went: those that ended lowest, and highest. */
export const RunSeries = z.object({
  epochs: z.array(z.number().int().positive()),
  /** Cases that have a score. */
  total: Count,
  lowest: z.array(CaseSeries),
  highest: z.array(CaseSeries),
});
export type RunSeries = z.infer<typeof RunSeries>;

export const MovedQuery = z.object({
  top: z.coerce.number().int().min(1).max(200).default(20),
  by: RankBy.default('combined'),
  /** The run to compare with; the one before when left out. */
  against: z.string().max(200).optional(),
});
export type MovedQuery = z.input<typeof MovedQuery>;

/** One case in both rankings; a rank is null where it was not ranked. */
export const MovedCase = z.object({
  case: CaseId,
  before: z.number().int().positive().nullable(),
  after: z.number().int().positive().nullable(),
  verdict: Verdict.nullable(),
  /** Its structure that ranks lowest now (or did before). */
  structure: StructureName.nullable(),
});
export type MovedCase = z.infer<typeof MovedCase>;

/** Two rankings beside each other. */
export const Moved = z.object({
  run: z.string(),
  /** Null when there is no other run to compare with: all `before` are null then. */
  against: z.string().nullable(),
  top: Count,
  /** Cases ranked before, and after. */
  totals: z.object({ before: Count, after: Count }),
  /** The union of both tops, by rank after. */
  cases: z.array(MovedCase),
  entered: Count,
  left: Count,
  /** Mean dice of the labels with the model, of the labels that both scored. */
  dice: z.array(
    z.object({
      structure: StructureName,
      before: z.number().nullable(),
      after: z.number().nullable(),
      labels: Count,
    }),
  ),
  /** Spearman's correlation of the two rankings over the cases in both. */
  agreement: z.number().nullable(),
});
export type Moved = z.infer<typeof Moved>;
