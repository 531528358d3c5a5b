/** labelme: a JSON file of shapes for each image. */
import type { DatasetFormat } from '../../types.ts';
import { labelmeReader } from './reader.ts';
import { labelmeWriter } from './writer.ts';

export const labelme: DatasetFormat = {
  name: 'labelme',
  title: 'labelme',
  reader: labelmeReader,
  writer: labelmeWriter,
  claims: async (file) => /\.json$/i.test(file),
};
