/** Reads a manifest, by the kind of file it is. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { UserError } from '../errors.ts';
import { readCsv } from './manifest-csv.ts';
import { readParquet } from './manifest-parquet.ts';
import { MAX_ROWS } from './manifest-types.ts';
import type { ManifestTable } from './manifest-types.ts';

/** Largest manifest, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

/** @throws UserError when the file is not there, too large, or no table. */
export async function readTable(file: string): Promise<ManifestTable> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true) {
    throw new UserError(`${file} is no file: name the manifest, a .csv or .parquet file.`);
  }
  if (found.size > MAX_BYTES) {
    throw new UserError(`${file} is larger than 256 MB: split the dataset into several.`);
  }
  const table = /^\.parquet$/i.test(extname(file)) ? await readParquet(file) : await readCsv(file);
  if (table.rows.length > MAX_ROWS) {
    throw new UserError(`${file} has more than ${MAX_ROWS} rows: split the dataset into several.`);
  }
  return table;
}
