/** A folder of images with a folder of masks for each structure, or with masks of several values. */
import type { DatasetFormat } from '../../types.ts';
import { foldersReader } from './reader.ts';
import { foldersWriter } from './writer.ts';

export const folders = {
  name: 'folders',
  title: 'Folders of masks',
  reader: foldersReader,
  writer: foldersWriter,
  impliedBy: ['images', 'labels', 'masks'],
} satisfies DatasetFormat;
