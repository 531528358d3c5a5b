/**
 * Rankings kept in the project's `cache/` folder, so that a project of 100,000 cases opens at once:
 * ranking them takes seconds, reading their ranking back milliseconds. A file that is not of the
 * project's present scores, or is damaged, is made anew; where none can be written, there is none.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RankBy } from '../contract/terms.ts';
import type { ProjectReader } from '../store/types.ts';
import { rankColumns } from './columns.ts';
import type { Order, RankColumns } from './columns.ts';
import { previousModel } from './model.ts';

/** What stands before the columns. All lengths are in rows. */
const Header = z.object({
  format: z.literal(2),
  /** What the ranking follows from: the state of the scores, and the run before. */
  state: z.string(),
  previous: z.string().nullable(),
  labels: z.number().int().nonnegative(),
  cases: z.number().int().nonnegative(),
  cohorts: z.record(z.string(), z.object({ centre: z.number(), scale: z.number() })),
});
type Header = z.infer<typeof Header>;

/** Columns begin at multiples of 8 bytes, the widest first: each can be looked at where it lies. */
const ALIGNED = 8;
const BYTES_A_ROW = 8 + 4 + 4 + 4 + 2;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNED) * ALIGNED;

function orderOf(bytes: Uint8Array, offset: number, rows: number): Order {
  const at = bytes.byteOffset + offset;
  return {
    scores: new Float64Array(bytes.buffer, at, rows),
    cases: new Uint32Array(bytes.buffer, at + 8 * rows, rows),
    previous: new Uint32Array(bytes.buffer, at + 12 * rows, rows),
    expected: new Float32Array(bytes.buffer, at + 16 * rows, rows),
    structures: new Uint16Array(bytes.buffer, at + 20 * rows, rows),
  };
}

function pack(header: Header, { labels, cases }: RankColumns): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const first = aligned(4 + text.length);
  const second = first + aligned(header.labels * BYTES_A_ROW);
  const bytes = new Uint8Array(second + aligned(header.cases * BYTES_A_ROW));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const [order, offset] of [
    [labels, first],
    [cases, second],
  ] as const) {
    const place = orderOf(bytes, offset, order.cases.length);
    place.scores.set(order.scores);
    place.cases.set(order.cases);
    place.previous.set(order.previous);
    place.expected.set(order.expected);
    place.structures.set(order.structures);
  }
  return bytes;
}

/** Null where the bytes are no ranking, or one of another state. */
function unpack(
  bytes: Uint8Array,
  wanted: Pick<Header, 'state' | 'previous'>,
  of: Pick<RankColumns, 'by' | 'model'>,
): RankColumns | null {
  if (bytes.length < 4) return null;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const found = Header.safeParse(
    JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))),
  );
  if (!found.success) return null;
  const header = found.data;
  if (header.state !== wanted.state || header.previous !== wanted.previous) return null;
  const first = aligned(4 + length);
  const second = first + aligned(header.labels * BYTES_A_ROW);
  if (bytes.length !== second + aligned(header.cases * BYTES_A_ROW)) return null;
  return {
    ...of,
    labels: orderOf(bytes, first, header.labels),
    cases: orderOf(bytes, second, header.cases),
    cohorts: new Map(Object.entries(header.cohorts)),
  };
}

function read(
  file: string,
  wanted: Pick<Header, 'state' | 'previous'>,
  of: Pick<RankColumns, 'by' | 'model'>,
): RankColumns | null {
  try {
    // A copy: a small file's bytes lie somewhere in a buffer that others share, not aligned.
    return unpack(Uint8Array.from(readFileSync(file)), wanted, of);
  } catch {
    return null;
  }
}

function write(file: string, bytes: Uint8Array): void {
  const temporary = `${file}.${process.pid}.part`;
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(temporary, bytes);
    renameSync(temporary, file);
  } catch {
    // A full disk, or a folder that may only be read: the ranking is made again next time.
    rmSync(temporary, { force: true });
  }
}

/**
 * `rankColumns`, from the file of an earlier one where that still holds.
 * @throws UserError when the measure needs a segmenter that was not there.
 */
export function keptRanking(
  reader: ProjectReader,
  cases: readonly string[],
  { by, model }: { by: RankBy; model: string },
): RankColumns {
  const file = join(reader.folder, 'cache', 'rankings', `${model}-${by}.bin`);
  const wanted = { state: reader.scoresState, previous: previousModel(reader, model) };
  const kept = read(file, wanted, { by, model });
  if (kept) return kept;
  const columns = rankColumns(reader, cases, { by, model });
  const header: Header = {
    format: 2,
    ...wanted,
    labels: columns.labels.cases.length,
    cases: columns.cases.cases.length,
    cohorts: Object.fromEntries(columns.cohorts),
  };
  write(file, pack(header, columns));
  return columns;
}
