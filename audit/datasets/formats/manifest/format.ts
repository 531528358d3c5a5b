/** A table (CSV or Parquet) of images, masks and structures. */
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
