/** How a dataset of DICOM images lies on disk, kept with the project so that it can be given back. */
import { z } from 'zod';
import { FoldersLayout } from '../../masks/folder-layout.ts';

export const DicomLayout = z.object({
  /** The folders of masks beside the images; null where the labels are DICOM-SEG. */
  masks: FoldersLayout.nullable(),
});
export type DicomLayout = z.infer<typeof DicomLayout>;
