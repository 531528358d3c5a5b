/** PASCAL VOC with masks of classes. */
import type { DatasetFormat } from '../../types.ts';
import { vocReader } from './reader.ts';
import { vocWriter } from './writer.ts';

export const voc: DatasetFormat = {
  name: 'voc',
  title: 'PASCAL VOC',
  reader: vocReader,
  writer: vocWriter,
};
