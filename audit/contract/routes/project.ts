/** The project, its import and the person’s settings: what their routes take and give. */
import { z } from 'zod';
import { BackendName } from '../../../trainer/messages.ts';
import { Coded, ImportNotice, ReaderOption, Structure, StructureName } from '../terms.ts';
import { Author, FilePath, Task } from './common.ts';

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
  /** Path of the log on the server's machine. */
  log: z.string(),
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
  /** How far the review was when last looked at; null when nobody looked yet. */
  review: z
    .object({
      /** Cases with a verdict. */
      reviewed: z.number().int().nonnegative(),
      /** Labels that were fixed, excluded or flagged. */
      found: z.number().int().nonnegative(),
    })
    .nullable()
    .default(null),
  /** Version of the picture of its worst case; null where there is none. */
  picture: z.string().nullable().default(null),
  /** False when the folder is gone or on a disk that is not there. */
  exists: z.boolean(),
});
export type RecentProject = z.infer<typeof RecentProject>;

export const RecentProjects = z.object({ projects: z.array(RecentProject) });
export const RecentPictureQuery = z.object({
  folder: FilePath,
  v: z.string().max(200).optional(),
});
export const OpenProject = z.object({ folder: FilePath });
/** Takes a project off the list; nothing is deleted. */
export const ForgetRequest = z.object({ folder: FilePath });

export const Notices = z.object({ notices: z.array(ImportNotice) });

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

/** What can be imported. */
export const ImportFormats = z.object({
  formats: z.array(
    z.object({
      format: z.string(),
      /** For people. */
      name: z.string(),
      /** What may be given beside the dataset's folder. */
      options: z.array(ReaderOption),
    }),
  ),
});
export type ImportFormats = z.infer<typeof ImportFormats>;

/** Where a dataset lies. */
export const DatasetSpec = z.object({
  /** The dataset's folder or one of its files; empty when the options name its folders one by one. */
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
  /** The last look serves, if it was at the same dataset read in the same way. */
  known: z.boolean().default(false),
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(2000).default(500),
  /** Where the project would be made: the answer says whether it may. Left out, a place beside the
   *  dataset is proposed. */
  project: FilePath.optional(),
  /** Names of the structures that are wanted; all of them when left out. */
  structures: z.array(StructureName).min(1).max(64).optional(),
});

/** What an import would take, and what it would leave out and why. Nothing is written. */
export const ImportPreview = z.object({
  format: z.string(),
  /** The sentence that says why this format, when it was guessed. */
  because: z.string().nullable(),
  root: z.string(),
  structures: z.array(
    Structure.extend({
      labels: z.number().int().nonnegative(),
      /** Folder of its masks, absolute; null where the format has no such thing. */
      folder: z.string().nullable(),
      /** Its value, bit or page in multi-valued masks; null in binary ones. */
      coded: Coded.nullable(),
    }),
  ),
  /** Folder of the images, absolute; null where the format has no such thing. */
  images: z.string().nullable(),
  /** Of the project's place; null where none was named, and there is no one folder to lie beside. */
  place: z
    .object({
      folder: z.string(),
      /** What speaks against it, in one sentence; null when nothing does. */
      problem: z.string().nullable(),
      /** This dataset's project is there already: the import completes it. */
      known: z.boolean(),
    })
    .nullable(),
  total: z.number().int().nonnegative(),
  /** Whether the dataset names splits, and who drew what, of any of its cases. */
  splits: z.boolean(),
  annotators: z.boolean(),
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
  notices: z.array(ImportNotice),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

/** Creates `project` (or completes an import into it that was cut off) and opens it. */
export const ImportRequest = DatasetSpec.extend({
  project: FilePath,
  /** Only these structures, in these colours; all of them when left out. */
  structures: z.array(Structure).min(1).max(64).optional(),
});
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

export const Settings = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('dark'),
  /** The reviewer's name; null: the name of the account. */
  reviewer: Author.nullable().default(null),
  /** Null: the first that works. */
  backend: BackendName.nullable().default(null),
  /** Keyboard overrides: action → keys. */
  keys: z.record(z.string().max(100), z.string().max(100)).default({}),
  /** Whether the queue holds blind checks. */
  blindChecks: z.boolean().default(true),
});
export type Settings = z.infer<typeof Settings>;
export const SettingsChange = z.object({
  theme: z.enum(['dark', 'light', 'system']).optional(),
  reviewer: Author.nullable().optional(),
  backend: BackendName.nullable().optional(),
  keys: z.record(z.string().max(100), z.string().max(100)).optional(),
  blindChecks: z.boolean().optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;
