/** What the routes of the server's folders and of the demo take and give. */
import { z } from 'zod';
import { FilePath } from './common.ts';

export const FolderQuery = z.object({
  /** Default: the home folder. */
  path: FilePath.optional(),
});

/** What lies in a folder: names and counts, never contents. */
export const FolderListing = z.object({
  /** Absolute. */
  path: z.string(),
  /** Absolute, or null for a root. */
  parent: z.string().nullable(),
  /** The home folder, absolute. */
  home: z.string(),
  /** `/`, or the drives. */
  roots: z.array(z.string()),
  folders: z.array(
    z.object({
      name: z.string(),
      /** Absolute. */
      path: z.string(),
      /** Number of files, or null if the folder cannot be read. */
      files: z.number().int().nonnegative().nullable(),
      /** Number of folders, or null if the folder cannot be read. */
      folders: z.number().int().nonnegative().nullable(),
      /** Whether the folder holds more than was counted. */
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
  /** `ready`: the project is trained and ranked. */
  state: z.enum(['none', 'begun', 'ready']),
  /** Number of X-rays. */
  cases: z.number().int().positive(),
});
export type DemoState = z.infer<typeof DemoState>;

/** Tests and scripts make the demo smaller or elsewhere. Default: as the window makes it. */
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

/** What a `demo` task ends with. */
export const DemoTaskResult = z.object({
  /** Folder of the demo's project, absolute. */
  project: z.string(),
  /** Id of the run that ranks, or null if none finished. */
  run: z.string().nullable(),
});
export type DemoTaskResult = z.infer<typeof DemoTaskResult>;
