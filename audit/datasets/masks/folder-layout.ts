/** The layout of a dataset of folders. Projects store it, so that an export can restore it. */
import { z } from 'zod';
import { Coded } from '../../contract/terms.ts';

/**
 * The relative paths of a folder, with `/`: `from` below the dataset's root, `to` below the export's
 * root.
 */
const Place = z.object({ from: z.string(), to: z.string() });

export const FoldersLayout = z.object({
  /** True if the whole root is the dataset, false if the dataset is only the folders that a person named. */
  whole: z.boolean(),
  images: Place,
  /**
   * Folders of binary masks, one per structure. Empty if `multi` is set. `from` is null for a structure that
   * has no masks yet.
   */
  labels: z.array(Place.extend({ structure: z.string(), from: z.string().nullable() })),
  /** The folder of multi-valued masks with its legend, or null. */
  multi: Place.extend({
    legend: z.array(z.tuple([z.number().int(), z.string()])),
    /**
     * Whether a structure is a value, a bit or a page. Old projects lack this field; their structures are
     * values.
     */
    kind: Coded.shape.kind.default('values'),
    /** Values besides 0 that the legend calls background. */
    background: z.array(z.number().int()).default([]),
  }).nullable(),
  /** Names of other files in the root that belong to the dataset: the splits and the legend. */
  extras: z.array(z.string()),
});
export type FoldersLayout = z.infer<typeof FoldersLayout>;

/** The name of a new folder of masks. It is the structure's, unless the folder of images has this name. */
export const newMaskFolder = (structure: string, images: string): string =>
  structure.toLowerCase() === images.toLowerCase() ? `${structure} masks` : structure;
