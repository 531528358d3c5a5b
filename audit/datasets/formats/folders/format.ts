/**
 * Folders of masks: a folder of images, and a folder of binary masks for each structure, or one folder
 * of multi-valued masks with a legend. Image and mask have the same file name.
 *
 * Reading: `find.ts` finds the folders; `reader.ts` lists the cases; `masks/match-folders.ts` matches
 * masks with images; `masks/label-files.ts` decodes a mask.
 * Writing: `writer.ts` uses `export/folder-writer.ts`, which other formats use, too.
 */
import type { DatasetFormat } from '../../types.ts';
import { foldersReader } from './reader.ts';
import { foldersWriter } from './writer.ts';

export const folders = {
  name: 'folders',
  title: 'Folders of masks',
  reader: foldersReader,
  writer: foldersWriter,
  impliedBy: ['images', 'labels', 'masks', 'structures', 'unlabelled'],
} satisfies DatasetFormat;
