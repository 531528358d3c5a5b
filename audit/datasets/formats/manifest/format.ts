/**
 * Manifest: a table (CSV or Parquet) with a row per label, which names its image, its mask file and its
 * structure. Files may lie anywhere.
 *
 * Reading: `table.ts` reads the table (`csv.ts`, `parquet.ts`); `plan.ts` turns rows into cases;
 * `reader.ts` lists the cases; `masks/label-files.ts` decodes a mask.
 * Writing: `writer.ts`; `losses.ts` foresees what is lost.
 */
import { dirname } from 'node:path';
import type { DatasetFormat } from '../../types.ts';
import { manifestReader } from './reader.ts';
import { manifestWriter } from './writer.ts';

export const manifest: DatasetFormat = {
  name: 'manifest',
  title: 'Manifest (CSV or Parquet)',
  reader: manifestReader,
  writer: manifestWriter,
  claims: async (file) => /\.(csv|parquet)$/i.test(file),
  datasetOf: (file) => ({ source: dirname(file), options: { manifest: file } }),
  impliedBy: ['manifest'],
};
