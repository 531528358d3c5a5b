/**
 * A manifest in CSV, separated by commas, semicolons or tabs. Unchanged rows are written byte for byte.
 */
import { CsvError, parse } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../../errors.ts';
import { openRegular, readRegular } from '../../../regular.ts';
import { readAt } from '../../../codecs/index.ts';
import type { EditedRow, ManifestTable } from './columns.ts';
import type { Steps } from '../../import/steps.ts';

/** The most characters of one row. */
const MAX_RECORD = 1_000_000;
const OPTIONS = {
  bom: true,
  max_record_size: MAX_RECORD,
  relax_column_count: true,
  skip_empty_lines: true,
} as const;
/** Bytes parsed at a time. */
const PIECE = 64 * 1024;

interface Parsed {
  readonly record: string[];
  /** Number of bytes from the start of the file to the end of the row. */
  readonly info: { readonly bytes: number };
}

/** The most frequent separator in the first line. */
function separatorOf(bytes: Buffer): string {
  const end = bytes.indexOf('\n');
  const line = bytes.toString('utf8', 0, Math.min(end < 0 ? bytes.length : end, MAX_RECORD));
  const count = (separator: string) => line.split(separator).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/**
 * Parses all rows, the first line included.
 * @param steps counts the bytes
 */
async function records(
  file: string,
  bytes: Buffer,
  delimiter: string,
  steps: Steps,
): Promise<Parsed[]> {
  const found: Parsed[] = [];
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      yield piece;
      await steps.take(piece.length);
    }
  }
  try {
    await pipeline(pieces, parse({ ...OPTIONS, info: true, delimiter }), async (parsed) => {
      for await (const record of parsed as AsyncIterable<Parsed>) found.push(record);
    });
    return found;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? ` of line ${error.lines}` : '';
    throw new UserError(`${file} is no CSV that can be read: correct the quotes${line}.`);
  }
}

/** The text of a row, with quotes where they are needed. */
function line(cells: readonly string[], separator: string): string {
  const quoted = cells.map((cell) =>
    /["\r\n]/.test(cell) || cell.includes(separator) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return quoted.join(separator);
}

/** The names of the columns, from the first line. */
export async function csvColumns(file: string): Promise<string[]> {
  const handle = await openRegular(file);
  try {
    const head = await readAt(handle, 0, MAX_RECORD);
    const delimiter = separatorOf(head);
    const parsed = parseNow(head, { ...OPTIONS, delimiter, to: 1 });
    return parsed[0] ?? [];
  } finally {
    await handle.close();
  }
}

/** @throws UserError when the file is not CSV; the signal's reason when cancelled. */
export async function readCsv(file: string, steps: Steps): Promise<ManifestTable> {
  const bytes = await readRegular(file);
  const separator = separatorOf(bytes);
  const [head, ...parsed] = await records(file, bytes, separator, steps);
  if (head === undefined)
    throw new UserError(`${file} is empty: name the columns in its first line.`);
  const columns = head.record.map((name) => name.trim());
  const starts = [head, ...parsed].map(({ info }) => info.bytes);
  const lineEnd = bytes.subarray(0, head.info.bytes).toString('latin1').endsWith('\r\n')
    ? '\r\n'
    : '\n';
  const encode = async (rows: readonly EditedRow[]): Promise<Uint8Array> => {
    const parts: Buffer[] = [bytes.subarray(0, head.info.bytes)];
    for (const { from, cells } of rows) {
      const before = from === null ? null : bytes.subarray(starts[from], starts[from + 1]);
      // The last row of the file may lack a line end, and now another row follows it.
      const last = parts.at(-1)!;
      if (last.length > 0 && last.at(-1) !== 0x0a) parts.push(Buffer.from(lineEnd));
      if (before !== null && cells.size === 0) {
        parts.push(before);
        continue;
      }
      const old = from === null ? [] : parsed[from].record;
      const texts = columns.map((name, index) => cells.get(name) ?? old[index] ?? '');
      // Cells to the right of the named columns stay, too.
      parts.push(Buffer.from(line([...texts, ...old.slice(columns.length)], separator) + lineEnd));
    }
    return Buffer.concat(parts);
  };
  return { columns, rows: parsed.map(({ record }) => record), encode };
}
