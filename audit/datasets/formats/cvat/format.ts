/** CVAT for images: one XML file beside the images of a task. */
import type { DatasetFormat } from '../../types.ts';
import { cvatReader } from './reader.ts';
import { cvatWriter } from './writer.ts';

export const cvat: DatasetFormat = {
  name: 'cvat',
  title: 'CVAT for images',
  reader: cvatReader,
  writer: cvatWriter,
  claims: async (file) => /\.xml$/i.test(file),
};
