/**
 * Requests and responses of the routes for trainings, rankings, exports, reports, packs and the
 * machine.
 */
import { z } from 'zod';
import {
  BackendName,
  EpochMetrics,
  TrainConfig,
  TrainerMessage,
} from '../../../trainer/messages.ts';
import { CaseId, ImportNotice, RankBy, RankEntry, RankPer, StructureName } from '../terms.ts';
import { FilePath } from './common.ts';
import { RankedBy } from './ranked.ts';

/** The state of a running training, for a window that opens after it started. */
export const RunLive = z.object({
  /** Id of the task that trains. */
  task: z.string(),
  paused: z.boolean(),
  /** Whether the trainer runs; it may be paused. False while samples are packed or labels are scored. */
  trains: z.boolean(),
  /** The fold or pair of networks that trains, from 1; null if the run has neither. */
  fold: z.number().int().positive().nullable(),
  /** The newest message of the types `started`, `warmed-up`, `learned` and `collapse`, and the last ten notices. */
  messages: z.array(TrainerMessage),
});
export type RunLive = z.infer<typeof RunLive>;

export const RunInfo = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** ISO 8601, UTC, or null while the run lasts. */
  endedAt: z.string().nullable(),
  /** `interrupted`: the process of the run ended before it could save another status. */
  status: z.enum(['running', 'done', 'failed', 'cancelled', 'interrupted']),
  /** A `RunConfig`, unless another version of Overread wrote it. */
  config: z.unknown(),
  /** The figures of the run, which `RunSummaries` parses; null until the run is done. */
  summary: z.unknown(),
  /** One sentence, or null if the run did not fail. */
  error: z.string().nullable(),
  /** Whether the ranking uses this run's scores by default (`rankingModel`). */
  current: z.boolean(),
  /** Whether it is `current` because a person chose it. */
  chosen: z.boolean(),
  /** The training's state, or null if this server does not train the run now. */
  live: RunLive.nullable(),
});
export type RunInfo = z.infer<typeof RunInfo>;
/** The project's runs, oldest first. */
export const RunList = z.object({ runs: z.array(RunInfo) });

/** Asks to train on the present labels and then to score all labels. */
export const TrainRequest = z.object({
  preset: z.enum(['overread', 'published']).default('overread'),
  /** Settings that replace those of the preset. */
  training: TrainConfig.omit({ preset: true }).partial().default({}),
  /** Side of the networks' square input, in pixels. */
  size: z.number().int().min(32).max(1024).default(128),
  /** Null takes the first backend that works. Default: the backend in the settings. */
  backend: BackendName.nullable().optional(),
  /** Number of folds. Networks trained without a fold score its cases. Null trains once, on all cases. */
  folds: z.number().int().min(2).max(100).nullable().default(null),
  /** Pairs of networks that judge every case together; null lets the data decide (`pairsFor`). */
  pairs: z
    .union([z.literal(1), z.literal(2)])
    .nullable()
    .default(null),
  /**
   * True starts from random weights. False starts from the weights of the last run that did not collapse, if
   * labels changed since then and the settings fit; otherwise, and with folds, also from random weights.
   */
  fresh: z.boolean().default(false),
});
export type TrainRequest = z.input<typeof TrainRequest>;

/** Chooses the run that ranks by default; null takes the choice back. */
export const ChooseRun = z.object({ run: z.string().max(200).nullable() });

/**
 * Asks to score labels. Without `model`, the newest finished run scores the labels that have no score of
 * their present mask. With `model`, that network scores all labels.
 */
export const ScoreRequest = z.object({
  /** Path of a `qam.onnx`. Default: the networks of the newest finished run. */
  model: FilePath.optional(),
});

export const MetricsQuery = z.object({
  /** Leaves out the epochs up to this number; epochs count from 1. */
  after: z.coerce.number().int().nonnegative().default(0),
  /** The fold, from 1, of a training in folds, or the pair of networks where there are two. */
  fold: z.coerce.number().int().positive().max(100).optional(),
});
/** The figures of each epoch, in ascending order of epochs. */
export const Metrics = z.object({ epochs: z.array(EpochMetrics) });

export const RankingQuery = z.object({
  by: RankBy.default('combined'),
  per: RankPer.default('case'),
  /**
   * Id of a run, or hash of another model that scored. Default: the newest finished run with scores, else
   * the model that scored last.
   */
  run: z.string().max(200).optional(),
  offset: z.coerce.number().int().nonnegative().max(1e9).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type RankingQuery = z.input<typeof RankingQuery>;

/** Models that scored labels. */
export const Models = z.object({
  models: z.array(
    z.object({
      /** Id of a run, or hash of another network. */
      model: z.string(),
      /** When the model scored last: ISO 8601, UTC. */
      at: z.string(),
      /** Number of labels it scored. */
      labels: z.number(),
    }),
  ),
});

/** A page of the ranking, worst first, with the reasons in numbers. */
export const RankingPage = z.object({
  /** The model that ranks, or null if nothing was scored yet. */
  model: z.string().nullable(),
  /** Number of rows in the whole ranking. */
  total: z.number().int().nonnegative(),
  offset: z.number().int().nonnegative(),
  entries: z.array(RankEntry),
});
export type RankingPage = z.infer<typeof RankingPage>;

const Count = z.number().int().nonnegative();
const VerdictCounts = z.object({
  total: Count,
  /** Cases or labels with an error found (`isErrorFound`), removed labels included. */
  found: Count,
  /** Cases or labels without a verdict. */
  open: Count,
  accepted: Count,
  fixed: Count,
  excluded: Count,
  flagged: Count,
});

export const InsightsQuery = RankingQuery.omit({ offset: true, limit: true }).extend({
  /** Restricts the histogram to the labels of this structure. With `per` case it is then empty. */
  structure: StructureName.optional(),
});
export type InsightsQuery = z.input<typeof InsightsQuery>;

export const Insights = z.object({
  cases: VerdictCounts,
  labels: VerdictCounts,
  structures: z.array(VerdictCounts.extend({ structure: StructureName })),
  annotators: z.array(VerdictCounts.extend({ annotator: z.string() })),
  /** What is known of the ranking; null if nothing was scored yet. */
  ranked: RankedBy.nullable(),
  /** The numbers that order the ranking, in equal bins; no bins if there are none. */
  histogram: z.object({
    /** The lowest value, or 0 if there are no values. */
    low: z.number(),
    /** The highest value, or 0 if there are no values. */
    high: z.number(),
    /** Number of values in each bin, lowest bin first; no bins if there are no values. */
    counts: z.array(Count),
    /** `counts` for each present verdict; `open` counts cases or labels without a verdict. */
    verdicts: z.object({
      open: z.array(Count),
      accepted: z.array(Count),
      fixed: z.array(Count),
      excluded: z.array(Count),
      flagged: z.array(Count),
    }),
  }),
  /**
   * Errors found (`isErrorFound`) among the first `reviewed` labels that were reviewed. In the last point,
   * `found` equals `labels.found`.
   */
  curve: z.array(z.object({ reviewed: Count, found: Count })),
});
export type Insights = z.infer<typeof Insights>;

/** Asks how well each measure finds known errors. */
export const EvaluateRequest = z.object({
  /** A truth file, a folder with `truth.json`, or a folder that has a folder of true masks per structure. */
  truth: FilePath,
  /** The model to evaluate, as in `RankingQuery`. */
  run: z.string().max(200).optional(),
});
/** Two evaluations for each measure: one of the cases, one of the labels. */
export const Evaluations = z.object({
  evaluations: z.array(
    z.object({
      by: RankBy,
      per: RankPer,
      /** Cases or labels that are ranked and whose truth is known. */
      count: z.number(),
      /** Number of these cases or labels that have an error. */
      errors: z.number(),
      /**
       * Area under the ROC curve, 0 … 1, or null if no case or label has an error, or if all have one.
       */
      auroc: z.number().nullable(),
      /** Area under the precision-recall curve (average precision), 0 … 1, or null without errors. */
      auprc: z.number().nullable(),
      /**
       * The share of errors in the worst part of the ranking, divided by the share of errors in the whole
       * ranking; null without errors. The worst part is the share `share` (0 … 1) of the ranking.
       */
      lift: z.array(z.object({ share: z.number(), lift: z.number().nullable() })),
      /**
       * The errors and the AUROC where a label with a dice below `below` with its true mask is an error;
       * empty if the dice of an error is unknown.
       */
      levels: z.array(
        z.object({ below: z.number(), errors: z.number(), auroc: z.number().nullable() }),
      ),
      /** Spearman's correlation of the score with the true dice, −1 … 1, or null if unknown. */
      spearman: z.number().nullable(),
    }),
  ),
});
export type Evaluations = z.infer<typeof Evaluations>;

export const ExportRequest = z.object({
  /** A new or empty folder. */
  out: FilePath,
  /** Id of the format. Default: the dataset's own format, or plain folders if Overread cannot write it. */
  format: z.string().min(1).max(64).optional(),
  /** Whether to make hard links to the images instead of copies. */
  link: z.boolean().default(false),
  /** Whether to go on where an image was changed since the import; a notice says so. */
  changedImages: z.boolean().default(false),
});
export type ExportRequest = z.input<typeof ExportRequest>;

/** The formats that the open project can be exported in: the dataset's own first. */
export const ExportFormats = z.object({
  formats: z.array(
    z.object({
      format: z.string(),
      /** The format's name for people. */
      name: z.string(),
      /** A text of half a line that says how the format stores labels and what is lost. */
      holds: z.string(),
      /** Whether the dataset came in this format. */
      own: z.boolean(),
    }),
  ),
});
export type ExportFormats = z.infer<typeof ExportFormats>;

/** Asks which cases and labels an export would write. */
export const ExportOutlookRequest = ExportRequest.pick({ format: true });
export type ExportOutlookRequest = z.input<typeof ExportOutlookRequest>;

export const ExportOutlook = z.object({
  format: z.string(),
  /** Cases that would be written. */
  cases: z.number(),
  /** Errors found (`isErrorFound`) in all labels, also in cases that would be left out. */
  found: z.number(),
  /** Labels that would be written and that a person changed. */
  corrected: z.number(),
  /** Labels that are left out because of the verdict excluded. */
  excludedLabels: z.number(),
  /** Cases that are left out because all their labels have the verdict excluded. */
  excludedCases: z.number(),
  /** Labels that the format cannot hold exactly. */
  losses: z.array(
    z.object({
      case: CaseId,
      structure: StructureName,
      /** Number of pixels in which the written label would differ from the project's. */
      pixels: z.number(),
      /** The label's area in pixels. */
      area: z.number(),
    }),
  ),
});
export type ExportOutlook = z.infer<typeof ExportOutlook>;

/** The result of an `export` task. The counts mean the same as in `ExportOutlook`. */
export const ExportResult = z.object({
  /** The folder that was written, absolute. */
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
  /** A new or empty folder. Default: a folder in the project, from which the report can be downloaded. */
  out: FilePath.optional(),
  /** The model that ranks, as in `RankingQuery`. */
  run: z.string().max(200).optional(),
  /** The truth, as in `EvaluateRequest`; the report then says how well the ranking finds the known errors. */
  truth: FilePath.optional(),
});
export type ReportRequest = z.input<typeof ReportRequest>;
/** The result of a `report` task. */
export const ReportResult = z.object({
  /** Path of `report.html` on the server's machine. */
  page: z.string(),
  /** Path of `ranking.csv` on the server's machine. */
  csv: z.string(),
});
export type ReportResult = z.infer<typeof ReportResult>;
/** A file of a report, at `GET /api/reports/<task>/<file>`. */
export const ReportFile = z.enum(['report.html', 'ranking.csv']);
export type ReportFile = z.infer<typeof ReportFile>;

/** Asks to pack the project with its whole history into one file. */
export const PackRequest = z.object({
  /** Path of a new file, `NAME.overread.zip`. */
  out: FilePath,
  /** Whether to pack the image files, too. */
  images: z.boolean().default(false),
});
export type PackRequest = z.input<typeof PackRequest>;
/** The result of a `pack` task. */
export const PackResult = z.object({
  /** Path of the packed project. */
  file: z.string(),
  /** The size of the file in bytes. */
  bytes: z.number(),
  /** Number of cases. */
  cases: z.number(),
  /** Whether the file holds the images. */
  images: z.boolean(),
});
export type PackResult = z.infer<typeof PackResult>;

/** Asks to unpack the file into the new folder `project` and to open the project. */
export const UnpackRequest = z.object({ file: FilePath, project: FilePath });
/** The result of an `unpack` task. */
export const UnpackResult = z.object({
  /** The project's folder, absolute. */
  folder: z.string(),
  name: z.string(),
  /** Number of cases. */
  cases: z.number(),
  /** Whether the packed file held the images; if not, the project still refers to its dataset. */
  images: z.boolean(),
});
export type UnpackResult = z.infer<typeof UnpackResult>;

/** Asks to unpack the archive that `source` is or holds into a new folder beside it. */
export const UnpackDatasetRequest = z.object({ source: FilePath });
/** The result of an `unpack-dataset` task. */
export const UnpackDatasetResult = z.object({
  /** The folder of the dataset, absolute. */
  folder: z.string(),
});
export type UnpackDatasetResult = z.infer<typeof UnpackDatasetResult>;

/** Asks to install the native parts of a backend. */
export const SetupRequest = z.object({ backend: BackendName });

const Tool = z.object({
  /** The name of the command, for example `python3`. */
  name: z.string(),
  /** The first line of `--version`, or null if the command is missing. */
  version: z.string().nullable(),
});
/** The result of a `doctor` task. */
export const DoctorResult = z.object({
  /** Node's version. */
  node: z.string(),
  python: Tool,
  pip: Tool,
  compiler: Tool,
  /** Names of the NVIDIA GPUs. */
  gpus: z.array(z.string()),
  /** Absolute path of the folder for the native parts of backends. */
  cacheFolder: z.string(),
  /** Free bytes on the disk of `cacheFolder`, or null if unknown. */
  free: z.number().nullable(),
  /** The backends in the order in which a training tries them. */
  backends: z.array(
    z.object({
      backend: BackendName,
      works: z.boolean(),
      /** The device's name, or null if the backend does not work. */
      device: z.string().nullable(),
      /** One sentence: what the device is, or why the backend does not work. */
      why: z.string(),
    }),
  ),
});
export type DoctorResult = z.infer<typeof DoctorResult>;
