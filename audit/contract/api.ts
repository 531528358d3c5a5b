/**
 * What every route of the server takes and gives, as schemas. The server validates requests with
 * them, the client (`client.ts`) responses. Pure: zod alone, so a browser can load it.
 *
 * Query schemas coerce (a query is text); body and response schemas do not.
 */
import { z } from 'zod';
import { EpochMetrics, TrainConfig, BackendName } from '../../trainer/messages.ts';
import {
  CaseId,
  CaseSummary,
  Hash,
  LabelReasons,
  LabelState,
  Progress,
  RankEntry,
  RankBy,
  RankPer,
  Structure,
  StructureName,
  Verdict,
} from './terms.ts';

export { BackendName, EpochMetrics, TrainConfig };

/** Every response that is not 2xx: one sentence that says what is wrong and what to do. */
export const ApiError = z.object({ error: z.string() });
export type ApiError = z.infer<typeof ApiError>;

export const Nothing = z.object({});

/** A path on the machine the server runs on. */
export const FilePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'holds a zero byte');

/** A person's name in revisions, verdicts and the audit log. */
export const Author = z.string().trim().min(1).max(200);

// ---------------------------------------------------------------- tasks

export const TaskKind = z.enum([
  'import',
  'train',
  'score',
  'export',
  'report',
  'verify',
  'setup',
  'doctor',
]);
export type TaskKind = z.infer<typeof TaskKind>;

/** A long task: started by a route, watched through events, cancelled by its id. */
export const Task = z.object({
  id: z.string(),
  kind: TaskKind,
  /** What it does, for a person. */
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  progress: Progress.nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** One sentence when it failed. */
  error: z.string().nullable(),
  /** What it ended with: depends on the kind. */
  result: z.unknown(),
});
export type Task = z.infer<typeof Task>;

export const TaskList = z.object({ tasks: z.array(Task) });

// ---------------------------------------------------------------- project

export const ProjectInfo = z.object({
  /** Absolute path of the project's folder. */
  folder: z.string(),
  name: z.string(),
  structures: z.array(Structure),
  cases: z.number().int().nonnegative(),
  labels: z.number().int().nonnegative(),
  origin: z.object({ format: z.string(), root: z.string() }),
  /** Whether this process may write it; if not, `readOnlyBecause` says who may. */
  writable: z.boolean(),
  readOnlyBecause: z.string().nullable(),
  /** The run that ranks by default. */
  run: z.string().nullable(),
});
export type ProjectInfo = z.infer<typeof ProjectInfo>;

export const Status = z.object({
  version: z.string(),
  project: ProjectInfo.nullable(),
  tasks: z.array(Task),
});
export type Status = z.infer<typeof Status>;

export const RecentProject = z.object({
  folder: z.string(),
  name: z.string(),
  /** ISO 8601, UTC. */
  openedAt: z.string(),
  cases: z.number().int().nonnegative(),
  /** False when the folder is gone or on a disk that is not there. */
  exists: z.boolean(),
});
export type RecentProject = z.infer<typeof RecentProject>;

export const RecentProjects = z.object({ projects: z.array(RecentProject) });
export const OpenProject = z.object({ folder: FilePath });
/** Takes a project off the list; nothing is deleted. */
export const ForgetRequest = z.object({ folder: FilePath });

export const Notice = z.object({
  kind: z.enum(['left-out', 'changed']),
  file: z.string(),
  reason: z.string(),
});
export type Notice = z.infer<typeof Notice>;

export const Notices = z.object({ notices: z.array(Notice) });

export const Relink = z.object({ root: FilePath });

export const AuditLogQuery = z.object({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export const AuditRow = z.object({
  sequence: z.number(),
  at: z.string(),
  author: z.string(),
  action: z.string(),
  detail: z.unknown(),
  hash: z.string(),
});
export const AuditLog = z.object({ rows: z.array(AuditRow) });

export const VerifyRequest = z.object({ images: z.boolean().default(true) });
/** What a `verify` task ends with. */
export const VerifyResult = z.object({
  findings: z.array(z.object({ severity: z.enum(['error', 'warning']), message: z.string() })),
});

// ---------------------------------------------------------------- import

/** Where a dataset lies. */
export const DatasetSpec = z.object({
  /** The dataset's folder; empty when the options name its folders one by one. */
  source: z
    .string()
    .max(4096)
    .refine((path) => !path.includes('\0'), 'holds a zero byte')
    .default(''),
  /** Guessed when left out. */
  format: z.string().min(1).max(64).optional(),
  /** The reader's own options. */
  options: z.record(z.string().max(64), z.unknown()).default({}),
});
export type DatasetSpec = z.input<typeof DatasetSpec>;

export const ImportPreviewRequest = DatasetSpec.extend({
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(2000).default(500),
});

/** What an import would take, and what it would leave out and why. Nothing is written. */
export const ImportPreview = z.object({
  format: z.string(),
  /** The sentence that says why this format, when it was guessed. */
  because: z.string().nullable(),
  root: z.string(),
  structures: z.array(Structure.extend({ labels: z.number().int().nonnegative() })),
  total: z.number().int().nonnegative(),
  /** One page of the matched images. */
  cases: z.array(
    z.object({
      id: z.string(),
      image: z.string(),
      split: z.string().nullable(),
      annotator: z.string().nullable(),
      /** Structures that have a label file. */
      labels: z.array(z.object({ structure: z.string(), file: z.string() })),
      /** Structures nobody drew here. */
      absent: z.array(z.string()),
    }),
  ),
  notices: z.array(Notice),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

/** Creates `project` (or completes an import into it that was cut off) and opens it. */
export const ImportRequest = DatasetSpec.extend({ project: FilePath });
export type ImportRequest = z.input<typeof ImportRequest>;

/** What an `import` task ends with. */
export const ImportResult = z.object({
  folder: z.string(),
  cases: z.number(),
  labels: z.number(),
  /** Cases that an earlier, interrupted import had taken. */
  known: z.number(),
  leftOut: z.number(),
  changed: z.number(),
  warnings: z.array(z.string()),
});

// ---------------------------------------------------------------- cases

export const CaseSort = z.enum(['rank', 'name', 'verdict']);
/** `none`: no verdict yet. */
export const VerdictFilter = z.enum(['none', ...Verdict.options]);

export const CasesQuery = z.object({
  offset: z.coerce.number().int().nonnegative().max(1e9).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Part of the case's name, in any case of letters. */
  search: z.string().max(512).default(''),
  sort: CaseSort.default('rank'),
  order: z.enum(['ascending', 'descending']).default('ascending'),
  per: RankPer.default('case'),
  by: RankBy.default('combined'),
  /** A run's id; the newest finished run when left out. */
  run: z.string().max(200).optional(),
  structure: StructureName.optional(),
  verdict: VerdictFilter.optional(),
  /** Score range, both ends included; what was never ranked is in no range. */
  min: z.coerce.number().optional(),
  max: z.coerce.number().optional(),
});
export type CasesQuery = z.input<typeof CasesQuery>;

/** One row of the queue: a case, or one label of it. */
export const QueueEntry = z.object({
  case: CaseId,
  /** Null in a queue by case. */
  structure: StructureName.nullable(),
  /** Null when not ranked: nothing scored it yet. */
  rank: z.number().int().positive().nullable(),
  score: z.number().nullable(),
  percentile: z.number().nullable(),
  previousRank: z.number().int().positive().nullable(),
  verdict: Verdict.nullable(),
  /** True when a label was corrected after it was scored. */
  stale: z.boolean(),
  /** The structure to look at first. */
  worst: StructureName.nullable(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  labels: z.array(
    z.object({ structure: StructureName, state: LabelState, verdict: Verdict.nullable() }),
  ),
  /** Changes when the picture of it does: `v` of the thumbnail. */
  version: z.string(),
});
export type QueueEntry = z.infer<typeof QueueEntry>;

export const CasesPage = z.object({
  offset: z.number().int().nonnegative(),
  /** Entries that the filters leave. */
  total: z.number().int().nonnegative(),
  entries: z.array(QueueEntry),
  /** The model that ranked them; null when nothing did yet. */
  model: z.string().nullable(),
});
export type CasesPage = z.infer<typeof CasesPage>;

export const CaseRanks = z.object({
  rank: z.number().int().positive().nullable(),
  score: z.number().nullable(),
  percentile: z.number().nullable(),
  previousRank: z.number().int().positive().nullable(),
});

export const CaseDetailQuery = z.object({
  by: RankBy.default('combined'),
  run: z.string().max(200).optional(),
});

/** Everything about one case but its pixels. */
export const CaseDetail = z.object({
  case: CaseSummary,
  version: z.string(),
  model: z.string().nullable(),
  by: RankBy,
  /** Its place among cases, and each label's place among labels. */
  ranks: CaseRanks,
  labels: z.array(
    z.object({
      structure: StructureName,
      ranks: CaseRanks,
      reasons: LabelReasons.nullable(),
      /** Why it is suspected, in words; empty when nothing stands out. */
      words: z.array(z.string()),
      stale: z.boolean(),
    }),
  ),
  /** Whether the model's proposal, and the quality map, can be had. */
  proposal: z.boolean(),
  quality: z.boolean(),
});
export type CaseDetail = z.infer<typeof CaseDetail>;

// ---------------------------------------------------------------- pixels

/** Headers that come with pixels. */
export const PIXEL_HEADERS = {
  width: 'overread-width',
  height: 'overread-height',
  bits: 'overread-bits',
  revision: 'overread-revision',
  minimum: 'overread-minimum',
  maximum: 'overread-maximum',
  /** The run or model that a proposal or quality map is of. */
  model: 'overread-model',
  score: 'overread-score',
  /** `1`: the image file is not the one that was imported any more. */
  changed: 'overread-changed',
} as const;

/** raw: a byte a pixel, 0 or 1. bits: eight pixels a byte, the first in the lowest bit. runs:
 *  lengths of runs, the first outside, each an unsigned LEB128. See `packing.ts`. */
export const MaskPacking = z.enum(['raw', 'bits', 'runs']);
export type MaskPacking = z.infer<typeof MaskPacking>;

const Version = z.string().max(200).optional();

export const ImageQuery = z.object({
  /** Longest side in pixels of a smaller version, area-averaged. */
  size: z.coerce.number().int().min(16).max(8192).optional(),
  v: Version,
});
export const PictureQuery = z.object({
  size: z.coerce.number().int().min(16).max(2048).default(128),
  /** Outline only this structure. */
  structure: StructureName.optional(),
  /** Also outline what the model proposes, dashed. */
  proposal: z.stringbool().default(false),
  v: Version,
});
export const MaskQuery = z.object({
  revision: z.coerce.number().int().positive().optional(),
  /** With the strokes that no revision holds yet. */
  drawn: z.stringbool().default(false),
  packing: MaskPacking.default('raw'),
  v: Version,
});
export const ProposalQuery = z.object({
  run: z.string().max(200).optional(),
  packing: MaskPacking.default('raw'),
});
export const QualityQuery = z.object({ run: z.string().max(200).optional() });

// ---------------------------------------------------------------- labels, revisions, verdicts

export const Revision = z.object({
  number: z.number().int().positive(),
  mask: Hash.nullable(),
  area: z.number().int().nonnegative(),
  author: z.string(),
  at: z.string(),
  reason: z.string(),
  sourceFile: z.string().nullable(),
});
export type Revision = z.infer<typeof Revision>;
export const Revisions = z.object({ revisions: z.array(Revision) });

export const RevisionQuery = z.object({
  packing: MaskPacking.default('raw'),
  reason: z.string().trim().min(1).max(200).default('replace'),
});
export const RestoreRequest = z.object({ revision: z.number().int().positive() });

/** What was drawn in a rectangle: its pixels before and after, as `packRuns`, in base64. */
export const StrokeRequest = z.object({
  x: z.number().int().nonnegative().max(1e6),
  y: z.number().int().nonnegative().max(1e6),
  width: z.number().int().positive().max(1e6),
  height: z.number().int().positive().max(1e6),
  before: z.base64().max(64_000_000),
  after: z.base64().max(64_000_000),
});
export type StrokeRequest = z.infer<typeof StrokeRequest>;

/** A stroke in the journal. Undo is a stroke with `before` and `after` exchanged. */
export const Stroke = StrokeRequest.extend({
  id: z.number().int(),
  baseRevision: z.number().int().nonnegative(),
  author: z.string(),
  at: z.string(),
});
export type Stroke = z.infer<typeof Stroke>;
export const Strokes = z.object({ strokes: z.array(Stroke) });
export const FoldRequest = z.object({ reason: z.string().trim().min(1).max(200).optional() });
/** Null when nothing was drawn since the last revision. */
export const FoldResult = z.object({ revision: Revision.nullable() });

export const CommentRequest = z.object({ text: z.string().max(10_000) });

export const VerdictRequest = z.object({
  /** `structure` null: all labels of the case that are present and not judged yet. */
  items: z
    .array(z.object({ case: CaseId, structure: StructureName.nullable() }))
    .min(1)
    .max(2000),
  /** Null takes a verdict back. */
  verdict: Verdict.nullable(),
  comment: z.string().max(10_000).optional(),
  /** With `structure` null: also labels that have a verdict already. */
  force: z.boolean().default(false),
});
export type VerdictRequest = z.input<typeof VerdictRequest>;

/** `undo` takes exactly this step back; the labels that changed are listed. */
export const VerdictResult = z.object({
  undo: z.string().nullable(),
  changed: z.array(
    z.object({ case: CaseId, structure: StructureName, verdict: Verdict.nullable() }),
  ),
});
export type VerdictResult = z.infer<typeof VerdictResult>;

/** Without `undo`: the newest step that was not undone. */
export const UndoRequest = z.object({ undo: z.string().max(200).optional() });

// ---------------------------------------------------------------- runs

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
});
export const Metrics = z.object({ epochs: z.array(EpochMetrics) });

// ---------------------------------------------------------------- settings

export const Settings = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('dark'),
  /** The reviewer's name; null: the name of the account. */
  reviewer: Author.nullable().default(null),
  /** Null: the first that works. */
  backend: BackendName.nullable().default(null),
  /** Keyboard overrides: action → keys. */
  keys: z.record(z.string().max(100), z.string().max(100)).default({}),
});
export type Settings = z.infer<typeof Settings>;
export const SettingsChange = z.object({
  theme: z.enum(['dark', 'light', 'system']).optional(),
  reviewer: Author.nullable().optional(),
  backend: BackendName.nullable().optional(),
  keys: z.record(z.string().max(100), z.string().max(100)).optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;

// ---------------------------------------------------------------- ranking, insights

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
  open: Count,
  accepted: Count,
  fixed: Count,
  excluded: Count,
  flagged: Count,
});

export const InsightsQuery = RankingQuery.omit({ offset: true, limit: true });
export type InsightsQuery = z.input<typeof InsightsQuery>;

export const Insights = z.object({
  cases: VerdictCounts,
  labels: VerdictCounts,
  structures: z.array(VerdictCounts.extend({ structure: StructureName })),
  annotators: z.array(VerdictCounts.extend({ annotator: z.string() })),
  /** Scores in equal bins from `low` to `high`. */
  histogram: z.object({ low: z.number(), high: z.number(), counts: z.array(Count) }),
  /** Errors found (labels fixed, excluded or flagged) after so many labels were reviewed. */
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

// ---------------------------------------------------------------- export, report, machine

export const ExportRequest = z.object({
  /** A new or empty folder. */
  out: FilePath,
  /** The format the dataset came in when left out. */
  format: z.string().min(1).max(64).optional(),
  /** Links images instead of copying them. */
  link: z.boolean().default(false),
});
export type ExportRequest = z.input<typeof ExportRequest>;

/** What an `export` task ends with. */
export const ExportResult = z.object({
  out: z.string(),
  cases: z.number(),
  corrected: z.number(),
  excludedLabels: z.number(),
  excludedCases: z.number(),
  notices: z.array(Notice),
});

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
