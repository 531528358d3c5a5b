/** A manifest in Parquet. The written file has the same columns and types. */
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../../errors.ts';
import { openRegular, readRegular } from '../../../regular.ts';
import { MAX_ROWS } from './columns.ts';
import type { EditedRow, ManifestTable } from './columns.ts';
import type { Steps } from '../../import/steps.ts';

/** The most bytes that all columns together may take when they are unpacked. */
const MAX_UNPACKED = 1024 ** 3;
/** Times stay whole numbers as stored, because a Date would cut them to milliseconds. */
const asStored = <T>(value: T): T => value;
const parsers = {
  timestampFromMilliseconds: asStored<bigint>,
  timestampFromMicroseconds: asStored<bigint>,
  timestampFromNanoseconds: asStored<bigint>,
  dateFromDays: asStored<number>,
};

type Row = Record<string, unknown>;

/** A cell as text; empty for values other than text, numbers and booleans. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value);
  }
  return '';
}

/** The value of a changed cell, converted to the type of its column; null for an empty cell. */
function valueIn(metadata: FileMetaData, column: string, cell: string): unknown {
  const type = metadata.schema.find(({ name }) => name === column)?.type;
  if (cell === '') return null;
  if (type === 'INT64') return BigInt(cell);
  if (type === 'INT32' || type === 'DOUBLE' || type === 'FLOAT') return Number(cell);
  return cell;
}

async function load(file: string): Promise<{ bytes: ArrayBuffer; metadata: FileMetaData }> {
  const buffer = await readRegular(file);
  const bytes = new ArrayBuffer(buffer.length);
  new Uint8Array(bytes).set(buffer);
  const metadata = await parquetMetadataAsync(bytes);
  const unpacked = metadata.row_groups
    .flatMap(({ columns }) => columns)
    .reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
  const rowCount = metadata.row_groups.reduce((sum, { num_rows }) => sum + num_rows, 0n);
  if (rowCount !== metadata.num_rows) throw new Error('its rows do not add up');
  if (metadata.num_rows > MAX_ROWS || unpacked > MAX_UNPACKED) {
    throw new UserError(`${file} is too large: split the dataset into several.`);
  }
  return { bytes, metadata };
}

/**
 * The columns of the table. `isOne` is false for a nested column: Parquet stores it as several lists of
 * values, and Overread does not read it.
 */
function columnsOf(metadata: FileMetaData): { name: string; isOne: boolean }[] {
  const leaves = ({ children }: SchemaTree): number =>
    children.length === 0 ? 1 : children.reduce((sum, child) => sum + leaves(child), 0);
  return parquetSchema(metadata).children.map((tree) => ({
    name: tree.element.name,
    isOne: leaves(tree) === 1,
  }));
}

/**
 * Reads all rows, one column of one row group at a time. The package hyparquet would read several columns
 * at once. If two of them were broken, the second error would be unhandled and end the process.
 */
async function read(file: ArrayBuffer, metadata: FileMetaData, steps?: Steps): Promise<Row[]> {
  const rows = Array.from({ length: Number(metadata.num_rows) }, (): Row => ({}));
  const columns = columnsOf(metadata);
  const part = file.byteLength / (metadata.row_groups.length * columns.length);
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    for (const { name, isOne } of columns) {
      await steps?.take(part);
      if (!isOne) continue;
      const wanted = { columns: [name], rowStart, rowEnd };
      const cells = await parquetReadObjects({ file, metadata, compressors, parsers, ...wanted });
      cells.forEach((cell, index) => {
        rows[rowStart + index][name] = cell[name] ?? null;
      });
    }
    rowStart = rowEnd;
  }
  return rows;
}

/** The names of a file's columns, without its rows. */
export async function parquetColumns(file: string): Promise<string[]> {
  const handle = await openRegular(file);
  try {
    const { size: byteLength } = await handle.stat();
    const slice = async (start: number, end = byteLength): Promise<ArrayBuffer> => {
      const bytes = new Uint8Array(end - start);
      await handle.read(bytes, 0, bytes.length, start);
      return bytes.buffer;
    };
    const metadata = await parquetMetadataAsync({ byteLength, slice });
    return columnsOf(metadata).map(({ name }) => name);
  } finally {
    await handle.close();
  }
}

/**
 * @param steps counts the bytes
 * @throws UserError when the file is not Parquet; the signal's reason when cancelled.
 */
export async function readParquet(file: string, steps: Steps): Promise<ManifestTable> {
  try {
    const { bytes, metadata } = await load(file);
    const rows = await read(bytes, metadata, steps);
    const columns = columnsOf(metadata).map(({ name }) => name);
    const encode = async (edited: readonly EditedRow[]): Promise<Uint8Array> => {
      const wanted = edited.map(({ from, cells }): Row => {
        const row = Object.fromEntries(
          columns.map((name) => [name, from === null ? null : rows[from][name]]),
        );
        for (const [name, cell] of cells) row[name] = valueIn(metadata, name, cell);
        return row;
      });
      return encodeRows(file, metadata, wanted);
    };
    return { columns, rows: rows.map((row) => columns.map((name) => text(row[name]))), encode };
  } catch (error) {
    if (error instanceof UserError || steps.isCancelled) throw error;
    // The errors of the package hyparquet mean nothing to a person, so they are not shown.
    throw new UserError(`${file} is no Parquet file that can be read: write it again.`);
  }
}

/** @throws UserError when the package hyparquet-writer cannot write these columns. */
async function encodeRows(
  file: string,
  metadata: FileMetaData,
  rows: readonly Row[],
): Promise<Uint8Array> {
  const columns = columnsOf(metadata);
  if (columns.every(({ isOne }) => isOne)) {
    try {
      const bytes = parquetWriteBuffer({
        schema: metadata.schema,
        columnData: columns.map(({ name }) => ({ name, data: rows.map((row) => row[name]) })),
        ...(metadata.key_value_metadata && { kvMetadata: metadata.key_value_metadata }),
      });
      const back = await read(bytes, await parquetMetadataAsync(bytes));
      if (isDeepStrictEqual(back, rows)) return new Uint8Array(bytes);
    } catch {
      // A failed encoding gives the error below, like rows that differ when they are read back.
    }
  }
  throw new UserError(
    `${file} has columns of a kind that is not written here: give the manifest as CSV.`,
  );
}
