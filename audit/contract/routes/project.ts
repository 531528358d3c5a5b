/** Requests and responses of the routes for the project, for imports and for the settings. */
import { z } from 'zod';
import { BackendName } from '../../../trainer/messages.ts';
import { Coded, ImportNotice, ReaderOption, Structure, StructureName } from '../terms.ts';
import { Author, FilePath, Task } from './common.ts';

export const ProjectInfo = z.object({
  /** Absolute path of the project's folder. */
  folder: z.string(),
  name: z.string(),
  structures: z.array(Structure),
  /** Number of cases. */
  cases: z.number().int().nonnegative(),
  /** Number of labels: empty labels count, absent labels do not. */
  labels: z.number().int().nonnegative(),
  /** The dataset's format, and its folder as an absolute path. */
  origin: z.object({ format: z.string(), root: z.string() }),
  /** Whether the person made the project on this machine or trusts it. */
  trusted: z.boolean(),
  /** Whether this process may write the project. */
  writable: z.boolean(),
  /** One sentence that says why this process may not write the project, or null if it may. */
  readOnlyBecause: z.string().nullable(),
  /** Id of the run that ranks by default, or null before the first finished training. */
  run: z.string().nullable(),
});
export type ProjectInfo = z.infer<typeof ProjectInfo>;

export const Status = z.object({
  /** Overread's version. */
  version: z.string(),
  /** Path of the log on the server's machine. */
  log: z.string(),
  /** The open project, or null if none is open. */
  project: ProjectInfo.nullable(),
  /** Newest first. */
  tasks: z.array(Task),
});
export type Status = z.infer<typeof Status>;

export const RecentProject = z.object({
  /** Absolute path of the project's folder. */
  folder: z.string(),
  name: z.string(),
  /** ISO 8601, UTC. */
  openedAt: z.string(),
  /** Number of cases when the project was last open. */
  cases: z.number().int().nonnegative(),
  /** How far the review had come, or null if this was never counted. */
  review: z
    .object({
      /** Cases with a verdict. */
      reviewed: z.number().int().nonnegative(),
      /** Number of errors found in all labels (`isErrorFound`). */
      found: z.number().int().nonnegative(),
    })
    .nullable()
    .default(null),
  /** `v` in the address of the picture of the worst case, or null if there is no picture. */
  picture: z.string().nullable().default(null),
  /** Whether the project's folder is there now. */
  exists: z.boolean(),
});
export type RecentProject = z.infer<typeof RecentProject>;

/** Newest first. */
export const RecentProjects = z.object({ projects: z.array(RecentProject) });
export const RecentPictureQuery = z.object({
  folder: FilePath,
  /** `RecentProject.picture`: lets the browser keep the picture for good. */
  v: z.string().max(200).optional(),
});
export const OpenProject = z.object({ folder: FilePath });
/** Asks to take a project off the list of recent projects; the project itself stays. */
export const ForgetRequest = z.object({ folder: FilePath });

export const Notices = z.object({ notices: z.array(ImportNotice) });

/** Tells the open project in which folder its dataset lies now. */
export const Relink = z.object({ root: FilePath });

export const AuditLogQuery = z.object({
  /** Only rows with a larger `sequence`. */
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
/** One change of the project. Rows are added and never changed. */
const AuditRow = z.object({
  /** Number of the row, from 1. */
  sequence: z.number(),
  /** ISO 8601, UTC. */
  at: z.string(),
  author: z.string(),
  action: z.string(),
  /** JSON whose shape depends on `action`. */
  detail: z.unknown(),
  /** SHA-256 over the previous row's hash and this row. */
  hash: z.string(),
});
/** Oldest first. */
export const AuditLog = z.object({ rows: z.array(AuditRow) });
export type AuditLog = z.infer<typeof AuditLog>;

export const VerifyRequest = z.object({
  /** Whether to read every image file, too, and to compare its hash with the one at the import. */
  images: z.boolean().default(true),
});
/** The result of a `verify` task. */
export const VerifyResult = z.object({
  findings: z.array(
    z.object({
      severity: z.enum(['error', 'warning']),
      /** One sentence: what is wrong, where, and what to do. */
      message: z.string(),
    }),
  ),
});
export type VerifyResult = z.infer<typeof VerifyResult>;

/** The formats that can be imported, sorted by their names. */
export const ImportFormats = z.object({
  formats: z.array(
    z.object({
      format: z.string(),
      /** The format's name for people. */
      name: z.string(),
      /** The options that the format's reader takes. */
      options: z.array(ReaderOption),
    }),
  ),
});
export type ImportFormats = z.infer<typeof ImportFormats>;

/** Where a dataset lies, and how to read it. */
const DatasetSpec = z.object({
  /** The dataset's folder or one of its files; empty if the options name every folder. */
  source: z
    .string()
    .max(4096)
    .refine((path) => !path.includes('\0'), 'holds a zero byte')
    .default(''),
  /** Id of the format. Default: Overread recognises it by the dataset's files. */
  format: z.string().min(1).max(64).optional(),
  /** Options of the format's reader. */
  options: z.record(z.string().max(64), z.unknown()).default({}),
});
export const ImportPreviewRequest = DatasetSpec.extend({
  /**
   * Whether the answer may come from memory, if the last preview was of the same dataset with the same
   * options. Else the dataset is read again.
   */
  known: z.boolean().default(false),
  offset: z.number().int().nonnegative().default(0),
  limit: z.number().int().min(1).max(2000).default(500),
  /**
   * Folder for the new project; the answer says whether it can be used. Default: a folder beside the
   * dataset.
   */
  project: FilePath.optional(),
  /** Names of the structures to import. Default: all. */
  structures: z.array(StructureName).min(1).max(64).optional(),
});

/**
 * The cases and labels that an import would take, and the files that it would leave out, with reasons.
 * A preview writes nothing.
 */
export const ImportPreview = z.object({
  format: z.string(),
  /** One sentence that says how the format was recognised, or null if the request named it. */
  because: z.string().nullable(),
  /** The dataset's folder, absolute. */
  root: z.string(),
  structures: z.array(
    Structure.extend({
      /** Number of the structure's labels. */
      labels: z.number().int().nonnegative(),
      /** Folder of the structure's masks, absolute, or null if the format has none. */
      folder: z.string().nullable(),
      /** The structure's value, bit or page in multi-valued masks, or null in binary ones. */
      coded: Coded.nullable(),
    }),
  ),
  /** Folder of the images, absolute, or null if the format has none. */
  images: z.string().nullable(),
  /** Where the project would lie, or null if the request gave neither `project` nor `source`. */
  place: z
    .object({
      /** Absolute path. */
      folder: z.string(),
      /** One sentence that says why no project can be made here, or null if one can. */
      problem: z.string().nullable(),
      /** Whether the folder holds a project of this dataset already; the import would then complete it. */
      known: z.boolean(),
    })
    .nullable(),
  /** Number of cases in the dataset. */
  total: z.number().int().nonnegative(),
  /** Whether the dataset names the split of any case. */
  splits: z.boolean(),
  /** Whether the dataset names the annotator of any case. */
  annotators: z.boolean(),
  /** One page of the cases. */
  cases: z.array(
    z.object({
      id: z.string(),
      /** Path of the image file. */
      image: z.string(),
      split: z.string().nullable(),
      annotator: z.string().nullable(),
      /** Each structure that has a label file in this case, with the path of the file. */
      labels: z.array(z.object({ structure: z.string(), file: z.string() })),
      /** Structures without a label in this case. */
      absent: z.array(z.string()),
    }),
  ),
  notices: z.array(ImportNotice),
});
export type ImportPreview = z.infer<typeof ImportPreview>;

/** Asks to create `project`, or to complete an interrupted import into it, and to open it. */
export const ImportRequest = DatasetSpec.extend({
  /** Folder of the project. */
  project: FilePath,
  /** Structures to import, and their colours. Default: all. */
  structures: z.array(Structure).min(1).max(64).optional(),
});
export type ImportRequest = z.input<typeof ImportRequest>;

/** The result of an `import` task. */
export const ImportTaskResult = z.object({
  /** The project's folder, absolute. */
  folder: z.string(),
  /** Number of cases that this task imported. */
  cases: z.number(),
  /** Number of labels that this task imported; empty labels count. */
  labels: z.number(),
  /** Number of cases that were in the project already, from an earlier, interrupted import. */
  known: z.number(),
  /** Number of files that were not imported. */
  leftOut: z.number(),
  /** Number of files that were imported, but not byte for byte. */
  changed: z.number(),
  /** Facts that a person should know before going on, one sentence each. */
  warnings: z.array(z.string()),
});
export type ImportTaskResult = z.infer<typeof ImportTaskResult>;

export const Settings = z.object({
  theme: z.enum(['dark', 'light', 'system']).default('dark'),
  /** The reviewer's name, or null for the name of the operating system's account. */
  reviewer: Author.nullable().default(null),
  /** The backend that trains, or null for the first of `BACKEND_ORDER` that works. */
  backend: BackendName.nullable().default(null),
  /** By an action's id: the key that the person chose for it, or empty for no key. */
  keys: z.record(z.string().max(100), z.string().max(100)).default({}),
  /** Whether the queue holds blind checks. */
  blindChecks: z.boolean().default(true),
  /** The folder of an encoder and a decoder of the SAM family, or null: then nothing is segmented by clicks. */
  clickModel: z.string().max(4096).nullable().default(null),
});
export type Settings = z.infer<typeof Settings>;
/** The settings to change; the others stay. */
export const SettingsChange = z.object({
  theme: z.enum(['dark', 'light', 'system']).optional(),
  reviewer: Author.nullable().optional(),
  backend: BackendName.nullable().optional(),
  keys: z.record(z.string().max(100), z.string().max(100)).optional(),
  blindChecks: z.boolean().optional(),
  clickModel: FilePath.nullable().optional(),
});
export type SettingsChange = z.infer<typeof SettingsChange>;
