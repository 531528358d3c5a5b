/** Requests and responses of the routes for folders on the server's machine and for the demo. */
import { z } from 'zod';
import { FilePath } from './common.ts';

export const FolderQuery = z.object({
  /** The folder to list. Default: the home folder. */
  path: FilePath.optional(),
});

/** The folders inside a folder, by name, and the numbers of files; never the contents of files. */
export const FolderListing = z.object({
  /** Absolute path of the folder. */
  path: z.string(),
  /** Absolute path of the folder that holds this one, or null for a root. */
  parent: z.string().nullable(),
  /** Absolute path of the home folder. */
  home: z.string(),
  /** The roots of the file system: `/`, or the drives of Windows. */
  roots: z.array(z.string()),
  folders: z.array(
    z.object({
      name: z.string(),
      /** Absolute path. */
      path: z.string(),
      /** Number of files, or null if the folder cannot be read. */
      files: z.number().int().nonnegative().nullable(),
      /** Number of folders, or null if the folder cannot be read. */
      folders: z.number().int().nonnegative().nullable(),
      /** Whether the folder holds more files or folders than were counted. */
      more: z.boolean(),
      /** Whether the folder is a project of Overread. */
      project: z.boolean(),
    }),
  ),
  /** Number of files directly in the folder. */
  files: z.number().int().nonnegative(),
  /** Whether the folder holds more folders than are listed. */
  truncated: z.boolean(),
});
export type FolderListing = z.infer<typeof FolderListing>;

/** Where the demo is or would be made, and how far it has come. */
export const DemoState = z.object({
  /** Folder of the demo, absolute. */
  folder: z.string(),
  /** Folder of the demo's project, absolute. */
  project: z.string(),
  /** `none`: nothing was made. `begun`: a part was made. `ready`: the project is trained and ranked. */
  state: z.enum(['none', 'begun', 'ready']),
  /** Number of X-rays. */
  cases: z.number().int().positive(),
});
export type DemoState = z.infer<typeof DemoState>;

/** Asks to make the demo. Tests and scripts use the fields to make it smaller or in another folder. */
export const DemoRequest = z.object({
  folder: FilePath.optional(),
  /** Number of X-rays. */
  cases: z.number().int().min(4).max(10_000).optional(),
  epochs: z.number().int().min(1).max(2000).optional(),
  /** Side of the networks' square input, in pixels. */
  size: z.number().int().min(32).max(1024).optional(),
  /** Side of an X-ray, in pixels. */
  imageSize: z.number().int().min(64).max(4096).optional(),
});
export type DemoRequest = z.input<typeof DemoRequest>;

/** The result of a `demo` task. */
export const DemoTaskResult = z.object({
  /** Folder of the demo's project, absolute. */
  project: z.string(),
  /** Id of the run that ranks, or null if none finished. */
  run: z.string().nullable(),
});
export type DemoTaskResult = z.infer<typeof DemoTaskResult>;
