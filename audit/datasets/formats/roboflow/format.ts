/**
 * Roboflow's “Semantic Segmentation Masks”: `train/x.jpg` with `train/x_mask.png` beside it, and
 * `train/_classes.csv`, which names the structure of each value.
 *
 * Reading: `find.ts` pairs images and masks; `reader.ts` lists the cases; `masks/label-files.ts` decodes a
 * mask. Writing: `writer.ts`.
 */
import { basename, dirname } from 'node:path';
import { ROBOFLOW_CLASSES } from '../../masks/legend.ts';
import type { DatasetFormat } from '../../types.ts';
import { roboflowReader } from './reader.ts';
import { roboflowWriter } from './writer.ts';

export const roboflow: DatasetFormat = {
  name: 'roboflow',
  title: 'Roboflow masks',
  reader: roboflowReader,
  writer: roboflowWriter,
  claims: async (file) =>
    basename(file) === ROBOFLOW_CLASSES && (await roboflowReader.guess(dirname(file))) !== null,
};
