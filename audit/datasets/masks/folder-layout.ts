/** How a dataset of folders lies on disk, kept with the project so that it can be given back. */
import { z } from 'zod';
import { Coded } from '../../contract/terms.ts';

/** A folder: where it is read, and where it is written below an export's root. Relative, with `/`. */
const Place = z.object({ from: z.string(), to: z.string() });

export const FoldersLayout = z.object({
  /** Whether the dataset is the whole root, or only the folders that were named. */
  whole: z.boolean(),
  images: Place,
  /** One folder of binary masks for each structure … */
  labels: z.array(Place.extend({ structure: z.string() })),
  /** … or one folder of multi-valued masks with the value of each structure. */
  multi: Place.extend({
    legend: z.array(z.tuple([z.number().int(), z.string()])),
    /** Whether a structure is a value, a bit of it or a page. Projects of before there were bits say none. */
    kind: Coded.shape.kind.default('values'),
  }).nullable(),
  /** Files at the root that belong to the dataset: splits, legend. */
  extras: z.array(z.string()),
});
export type FoldersLayout = z.infer<typeof FoldersLayout>;
