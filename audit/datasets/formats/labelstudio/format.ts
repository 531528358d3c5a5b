/** Label Studio: JSON exports of tasks, with brushes and polygons. */
import { foundFile } from '../../tree/walk.ts';
import type { DatasetFormat } from '../../types.ts';
import { findTaskFiles } from './plan.ts';
import { labelStudioReader } from './reader.ts';
import { labelStudioWriter } from './writer.ts';

export const labelStudio: DatasetFormat = {
  name: 'labelstudio',
  title: 'Label Studio',
  reader: labelStudioReader,
  writer: labelStudioWriter,
  claims: async (file) => (await findTaskFiles([foundFile(file)])).length > 0,
};
