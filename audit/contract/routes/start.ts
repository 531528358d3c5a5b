/** Requests and responses of the routes for folders on the server's machine and for the demo. */
import { z } from 'zod';
import { FilePath } from './common.ts';

export const FolderQuery = z.object({
  /** The folder to list. Default: the home folder. */
  path: FilePath.optional(),
});

/** A folder of the server's machine: its subfolders, sorted by name, and the number of its files. */
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
      /** Number of files directly in this subfolder, or null if it cannot be read. */
      files: z.number().int().nonnegative().nullable(),
      /** Number of folders directly in this subfolder, or null if it cannot be read. */
      folders: z.number().int().nonnegative().nullable(),
      /** True if counting stopped early, because this subfolder holds very many files and folders. */
      more: z.boolean(),
      /** Whether the folder is a project of Overread. */
      project: z.boolean(),
    }),
  ),
  /** Number of files directly in the listed folder. */
  files: z.number().int().nonnegative(),
  /** True if subfolders may be missing from the list, because the listed folder holds very many entries. */
  truncated: z.boolean(),
});
export type FolderListing = z.infer<typeof FolderListing>;

/** The folders in which the demo is or would be made, and how much of it was made. */
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
  /** Id of the newest finished run, or null if no run finished. */
  run: z.string().nullable(),
});
export type DemoTaskResult = z.infer<typeof DemoTaskResult>;
