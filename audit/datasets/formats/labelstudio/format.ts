/**
 * Label Studio: the labelling tool exports a JSON list of tasks. A task has one image and its
 * annotations, whose regions are brushes (run lengths) or polygons.
 *
 * Reading: `reader.ts` lists the cases; `plan.ts` joins tasks and images; `tasks.ts` parses an export;
 * `regions.ts` draws a region into a mask.
 * Writing: `writer.ts`; `edits.ts` edits one task.
 */
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
