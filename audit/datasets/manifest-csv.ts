/**
 * A manifest in CSV: separated by commas, semicolons or tabs, as its first line shows. Rows that are
 * not changed are written byte for byte.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { UserError } from '../errors.ts';
import type { EditedRow, ManifestTable } from './manifest-types.ts';

/** The most characters of one row. */
const MAX_RECORD = 1_000_000;

interface Parsed {
  readonly record: string[];
  /** Bytes of the file up to the end of the row. */
  readonly info: { readonly bytes: number };
}

/** The separator that the first line has most of. */
function separatorOf(bytes: Buffer): string {
  const end = bytes.indexOf('\n');
  const line = bytes.toString('utf8', 0, Math.min(end < 0 ? bytes.length : end, MAX_RECORD));
  const count = (separator: string) => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function records(file: string, bytes: Buffer, delimiter: string): Parsed[] {
  try {
    return parse(bytes, {
      bom: true,
      delimiter,
      info: true,
      max_record_size: MAX_RECORD,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? ` of line ${error.lines}` : '';
    throw new UserError(`${file} is no CSV that can be read: correct the quotes${line}.`);
  }
}

/** A row with the quotes that it needs. */
function line(cells: readonly string[], separator: string): string {
  const quoted = cells.map((cell) =>
    /["\r\n]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return quoted.join(separator);
}

/** @throws UserError when it is no CSV. */
export async function readCsv(file: string): Promise<ManifestTable> {
  const bytes = await readFile(file);
  const separator = separatorOf(bytes);
  const [head, ...parsed] = records(file, bytes, separator);
  if (head === undefined)
    throw new UserError(`${file} is empty: its first line names the columns.`);
  const columns = head.record.map((name) => name.trim());
  const starts = [head, ...parsed].map(({ info }) => info.bytes);
  const lineEnd = bytes.subarray(0, head.info.bytes).toString('latin1').endsWith('\r\n')
    ? '\r\n'
    : '\n';
  const encode = async (rows: readonly EditedRow[]): Promise<Uint8Array> => {
    const parts: Buffer[] = [bytes.subarray(0, head.info.bytes)];
    for (const { from, cells } of rows) {
      const before = from === null ? null : bytes.subarray(starts[from], starts[from + 1]);
      // A row after one that has no line end: the last of the file, or one that was added.
      const last = parts.at(-1)!;
      if (last.length > 0 && last.at(-1) !== 0x0a) parts.push(Buffer.from(lineEnd));
      if (before !== null && cells.size === 0) {
        parts.push(before);
        continue;
      }
      const old = from === null ? [] : parsed[from].record;
      const texts = columns.map((name, index) => cells.get(name) ?? old[index] ?? '');
      // Columns without a name keep their cells, too.
      parts.push(Buffer.from(line([...texts, ...old.slice(columns.length)], separator) + lineEnd));
    }
    return Buffer.concat(parts);
  };
  return { columns, rows: parsed.map(({ record }) => record), encode };
}
