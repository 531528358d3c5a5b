/** Before a project is open: folders of the server's machine, and the demo. */
import { z } from 'zod';
import { FilePath } from './common.ts';

/** Without a path: the person's home. */
export const FolderQuery = z.object({ path: FilePath.optional() });

/** What lies in a folder: names and counts, never contents. */
export const FolderListing = z.object({
  /** Absolute. */
  path: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  home: z.string(),
  /** Tops of the file system: `/`, or the drives. */
  roots: z.array(z.string()),
  folders: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      /** Files and folders in it, as far as they were counted; null where it cannot be read. */
      files: z.number().int().nonnegative().nullable(),
      folders: z.number().int().nonnegative().nullable(),
      /** It has more than were counted. */
      more: z.boolean(),
      /** It is a project of Overread. */
      project: z.boolean(),
    }),
  ),
  /** Files that lie in it itself. */
  files: z.number().int().nonnegative(),
  /** It has more folders than are listed. */
  truncated: z.boolean(),
});
export type FolderListing = z.infer<typeof FolderListing>;

/** The demo: where it is (or would be made), and how far. */
export const DemoState = z.object({
  folder: z.string(),
  project: z.string(),
  state: z.enum(['none', 'begun', 'ready']),
  /** X-rays it has, or will have. */
  cases: z.number().int().positive(),
});
export type DemoState = z.infer<typeof DemoState>;

/** For tests and scripts: smaller, or elsewhere. */
export const DemoRequest = z.object({
  folder: FilePath.optional(),
  cases: z.number().int().min(4).max(10_000).optional(),
  epochs: z.number().int().min(1).max(2000).optional(),
  size: z.number().int().min(32).max(1024).optional(),
  imageSize: z.number().int().min(64).max(4096).optional(),
});
export type DemoRequest = z.input<typeof DemoRequest>;

/** What a `demo` task ends with. */
export const DemoResult = z.object({ project: z.string(), run: z.string().nullable() });
