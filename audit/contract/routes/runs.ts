/** Trainings, the ranking, what is passed on, and what the machine can do. */
import { z } from 'zod';
import {
  BackendName,
  EpochMetrics,
  TrainConfig,
  TrainerMessage,
} from '../../../trainer/messages.ts';
import { CaseId, ImportNotice, RankBy, RankEntry, RankPer, StructureName } from '../terms.ts';
import { FilePath } from './common.ts';

/** What is going on in a training that runs now: for a window that comes late. */
export const RunLive = z.object({
  /** The task that trains. */
  task: z.string(),
  paused: z.boolean(),
  /** Whether there is something to pause: not while samples are made, or labels scored. */
  trains: z.boolean(),
  /** Counts from 1; null when it trains once on all. */
  fold: z.number().int().positive().nullable(),
  /** The newest `started`, `warmed-up`, `collapse` and the last `notice`s. */
  messages: z.array(TrainerMessage),
});
export type RunLive = z.infer<typeof RunLive>;

export const RunInfo = z.object({
  id: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  status: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  config: z.unknown(),
  summary: z.unknown(),
  error: z.string().nullable(),
  /** True for the run that ranks by default. */
  current: z.boolean(),
  /** Null unless it runs now, in this server. */
  live: RunLive.nullable(),
});
export type RunInfo = z.infer<typeof RunInfo>;
export const RunList = z.object({ runs: z.array(RunInfo) });

/** Trains on the labels as they are now, then scores all of them. */
export const TrainRequest = z.object({
  preset: z.enum(['overread', 'published']).default('overread'),
  /** What differs from the preset. */
  training: TrainConfig.omit({ preset: true }).partial().default({}),
  /** Side of the square the networks see, in pixels. */
  size: z.number().int().min(32).max(1024).default(128),
  /** Null: the first that works. Left out: as the settings say. */
  backend: BackendName.nullable().optional(),
  /** Each case is scored by networks that have not seen it; null trains once on all. */
  folds: z.number().int().min(2).max(100).nullable().default(null),
  /** From scratch, even when labels were corrected since the last run. */
  fresh: z.boolean().default(false),
});
export type TrainRequest = z.input<typeof TrainRequest>;

/** Labels that were corrected, or all of them with somebody else's network. */
export const ScoreRequest = z.object({
  /** Path of a `qam.onnx`; the newest finished run's when left out. */
  model: FilePath.optional(),
});

export const MetricsQuery = z.object({
  /** Only epochs after this one. */
  after: z.coerce.number().int().nonnegative().default(0),
  /** Of a training in folds: which, from 1. */
  fold: z.coerce.number().int().positive().max(100).optional(),
});
export const Metrics = z.object({ epochs: z.array(EpochMetrics) });

export const RankingQuery = z.object({
  by: RankBy.default('combined'),
  per: RankPer.default('case'),
  run: z.string().max(200).optional(),
  offset: z.coerce.number().int().nonnegative().max(1e9).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type RankingQuery = z.input<typeof RankingQuery>;

/** Models that scored labels: runs, and others' networks. */
export const Models = z.object({
  models: z.array(z.object({ model: z.string(), at: z.string(), labels: z.number() })),
});

/** Worst first, with the reasons in numbers. */
export const RankingPage = z.object({
  model: z.string().nullable(),
  total: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
  entries: z.array(RankEntry),
});
export type RankingPage = z.infer<typeof RankingPage>;

const Count = z.number().int().nonnegative();
/** `open`: no verdict yet. */
const VerdictCounts = z.object({
  total: Count,
  /** Those in which an error was found (`isErrorFound`), removed labels included. */
  found: Count,
  open: Count,
  accepted: Count,
  fixed: Count,
  excluded: Count,
  flagged: Count,
});

export const InsightsQuery = RankingQuery.omit({ offset: true, limit: true }).extend({
  /** The histogram of this structure's labels alone; only with `per` label. */
  structure: StructureName.optional(),
  /** What the histogram is of. */
  of: z.enum(['score', 'expected']).default('score'),
});
export type InsightsQuery = z.input<typeof InsightsQuery>;

export const Insights = z.object({
  cases: VerdictCounts,
  labels: VerdictCounts,
  structures: z.array(VerdictCounts.extend({ structure: StructureName })),
  annotators: z.array(VerdictCounts.extend({ annotator: z.string() })),
  /** Scores, or expected dice, in equal bins from `low` to `high`; no bins where there are none. */
  histogram: z.object({
    low: z.number(),
    high: z.number(),
    counts: z.array(Count),
    /** The same bins, by verdict as it is now: they add up to `counts`. */
    verdicts: z.object({
      open: z.array(Count),
      accepted: z.array(Count),
      fixed: z.array(Count),
      excluded: z.array(Count),
      flagged: z.array(Count),
    }),
  }),
  /** Errors found (`isErrorFound`) after so many labels were reviewed; it ends at `labels.found`. */
  curve: z.array(z.object({ reviewed: Count, found: Count })),
});
export type Insights = z.infer<typeof Insights>;

/** How well each measure found errors that are known. */
export const EvaluateRequest = z.object({
  /** A truth file, or the folder that holds one. */
  truth: FilePath,
  run: z.string().max(200).optional(),
});
export const Evaluations = z.object({
  evaluations: z.array(
    z.object({
      by: RankBy,
      per: RankPer,
      count: z.number(),
      errors: z.number(),
      auroc: z.number().nullable(),
      auprc: z.number().nullable(),
      lift: z.array(z.object({ share: z.number(), lift: z.number().nullable() })),
      spearman: z.number().nullable(),
    }),
  ),
});
export type Evaluations = z.infer<typeof Evaluations>;

export const ExportRequest = z.object({
  /** A new or empty folder. */
  out: FilePath,
  /** The format the dataset came in when left out. */
  format: z.string().min(1).max(64).optional(),
  /** Links images instead of copying them. */
  link: z.boolean().default(false),
});
export type ExportRequest = z.input<typeof ExportRequest>;

/** The formats that the open project can be written in: the one it came in first. */
export const ExportFormats = z.object({
  formats: z.array(
    z.object({
      format: z.string(),
      /** For people. */
      name: z.string(),
      /** What the dataset becomes in it, in half a line. */
      holds: z.string(),
      /** The dataset came in it. */
      own: z.boolean(),
    }),
  ),
});
export type ExportFormats = z.infer<typeof ExportFormats>;

/** Of what an export would do; the format as in `ExportRequest`. */
export const ExportOutlookRequest = ExportRequest.pick({ format: true });
export type ExportOutlookRequest = z.input<typeof ExportOutlookRequest>;

export const ExportOutlook = z.object({
  format: z.string(),
  cases: z.number(),
  /** Errors found in all labels (`isErrorFound`), those of cases that are left out included. */
  found: z.number(),
  corrected: z.number(),
  excludedLabels: z.number(),
  excludedCases: z.number(),
  /** Labels that the format cannot hold exactly, with the pixels in which they would differ. */
  losses: z.array(
    z.object({
      case: CaseId,
      structure: StructureName,
      pixels: z.number(),
      /** Pixels that the label itself has. */
      area: z.number(),
    }),
  ),
});
export type ExportOutlook = z.infer<typeof ExportOutlook>;

/** What an `export` task ends with. */
export const ExportResult = z.object({
  out: z.string(),
  cases: z.number(),
  found: z.number(),
  corrected: z.number(),
  excludedLabels: z.number(),
  excludedCases: z.number(),
  notices: z.array(ImportNotice),
});
export type ExportResult = z.infer<typeof ExportResult>;

export const ReportRequest = z.object({
  /** A new or empty folder; left out, the report is kept to be downloaded. */
  out: FilePath.optional(),
  run: z.string().max(200).optional(),
  /** A truth file: says how well its errors were found. */
  truth: FilePath.optional(),
});
export type ReportRequest = z.input<typeof ReportRequest>;
/** What a `report` task ends with: paths on the server's machine. */
export const ReportResult = z.object({ page: z.string(), csv: z.string() });
/** `GET /api/reports/<task>/<file>`. */
export const ReportFile = z.enum(['report.html', 'ranking.csv']);
export type ReportFile = z.infer<typeof ReportFile>;

/** The project with its whole history in one file. */
export const PackRequest = z.object({
  /** A new file, `NAME.overread.zip`. */
  out: FilePath,
  /** Also the image files. */
  images: z.boolean().default(false),
});
export type PackRequest = z.input<typeof PackRequest>;
/** What a `pack` task ends with. */
export const PackResult = z.object({
  file: z.string(),
  bytes: z.number(),
  cases: z.number(),
  images: z.boolean(),
});
export type PackResult = z.infer<typeof PackResult>;

/** Unpacks into the new folder `project`, and opens it. */
export const UnpackRequest = z.object({ file: FilePath, project: FilePath });
/** What an `unpack` task ends with. */
export const UnpackResult = z.object({
  folder: z.string(),
  name: z.string(),
  cases: z.number(),
  /** Whether the pack held the images; if not, the project still refers to its dataset. */
  images: z.boolean(),
});
export type UnpackResult = z.infer<typeof UnpackResult>;

export const SetupRequest = z.object({ backend: BackendName });

const Tool = z.object({ name: z.string(), version: z.string().nullable() });
/** What a `doctor` task ends with. */
export const DoctorResult = z.object({
  node: z.string(),
  python: Tool,
  pip: Tool,
  compiler: Tool,
  gpus: z.array(z.string()),
  cacheFolder: z.string(),
  free: z.number().nullable(),
  backends: z.array(
    z.object({
      backend: BackendName,
      works: z.boolean(),
      device: z.string().nullable(),
      why: z.string(),
    }),
  ),
});
