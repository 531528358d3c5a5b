/** The layout of a DICOM dataset. Projects store it, so that an export can restore it. */
import { z } from 'zod';
import { FoldersLayout } from '../../masks/folder-layout.ts';

export const DicomLayout = z.object({
  /** The folders of masks, or null if the labels are DICOM-SEG. */
  masks: FoldersLayout.nullable(),
  /**
   * Whether a label is the union of all segments of its name. In old projects it is the first of them, so
   * that the others keep their masks.
   */
  united: z.boolean().default(false),
});
export type DicomLayout = z.infer<typeof DicomLayout>;
