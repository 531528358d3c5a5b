/** Reads a manifest from a CSV or a Parquet file. */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { UserError } from '../../../errors.ts';
import { csvColumns, readCsv } from './csv.ts';
import { parquetColumns, readParquet } from './parquet.ts';
import { MAX_ROWS } from './columns.ts';
import type { ManifestTable } from './columns.ts';
import { Steps } from '../../import/steps.ts';

/** Largest manifest, in bytes. */
const MAX_BYTES = 256 * 1024 * 1024;

const isParquet = (file: string): boolean => /^\.parquet$/i.test(extname(file));

/** The names of a table's columns, without its rows; empty if the file cannot be read. */
export function columnsIn(file: string): Promise<string[]> {
  return (isParquet(file) ? parquetColumns(file) : csvColumns(file)).catch(() => []);
}

/**
 * @param steps counts the bytes of the file
 * @throws UserError when the file is missing, too large or not a table; the signal's reason when
 *   cancelled.
 */
export async function readTable(file: string, steps = new Steps(0, {})): Promise<ManifestTable> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() !== true) {
    throw new UserError(`${file} is no file: name the manifest, a .csv or .parquet file.`);
  }
  if (found.size > MAX_BYTES) {
    throw new UserError(`${file} is larger than 256 MB: split the dataset into several.`);
  }
  const table = await (isParquet(file) ? readParquet(file, steps) : readCsv(file, steps));
  if (table.rows.length > MAX_ROWS) {
    throw new UserError(`${file} has more than ${MAX_ROWS} rows: split the dataset into several.`);
  }
  return table;
}
