/**
 * Packs columns of numbers into the bytes of a file, and reads the columns back without a copy. The first
 * four bytes hold the length of the head; then come the head as JSON and the columns. Each column starts
 * at a multiple of 8 bytes.
 */
import { z } from 'zod';

const KINDS = {
  f64: Float64Array,
  f32: Float32Array,
  u32: Uint32Array,
  u16: Uint16Array,
} as const;

export type NumberColumn = Float64Array | Float32Array | Uint32Array | Uint16Array;
/** Columns, by the name of their group, then by the name of the column. */
export type ColumnGroups = Readonly<Record<string, Readonly<Record<string, NumberColumn>>>>;

const Kind = z.enum(['f64', 'f32', 'u32', 'u16']);
const Head = z.object({
  /**
   * Names the state of the data that the columns were computed from. The file is out of date if the data
   * now has another state.
   */
  source: z.unknown(),
  columns: z.array(
    z.object({
      group: z.string(),
      name: z.string(),
      kind: Kind,
      length: z.number().int().nonnegative(),
    }),
  ),
});

const ALIGNED = 8;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNED) * ALIGNED;

const kindOf = (column: NumberColumn): z.infer<typeof Kind> =>
  Kind.options.find((kind) => column instanceof KINDS[kind]) ?? 'f64';

export function packColumns(source: unknown, groups: ColumnGroups): Uint8Array {
  const entries = Object.entries(groups).flatMap(([group, columns]) =>
    Object.entries(columns).map(([name, column]) => ({ group, name, column })),
  );
  const columns = entries.map(({ group, name, column }) => ({
    ...{ group, name, kind: kindOf(column), length: column.length },
  }));
  const text = new TextEncoder().encode(JSON.stringify({ source, columns }));
  let at = aligned(4 + text.length);
  const bytes = new Uint8Array(
    entries.reduce((end, { column }) => end + aligned(column.byteLength), at),
  );
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const { column } of entries) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += aligned(column.byteLength);
  }
  return bytes;
}

/**
 * @param bytes must start at byte 0 of their buffer; the columns are views of this buffer
 * @returns the source and the columns, or null if the bytes are not columns or are cut off
 */
export function unpackColumns(
  bytes: Uint8Array<ArrayBuffer>,
): { source: unknown; groups: ColumnGroups } | null {
  if (bytes.length < 4) return null;
  const length = new DataView(bytes.buffer).getUint32(0, true);
  if (4 + length > bytes.length) return null;
  const head = Head.safeParse(jsonOf(new TextDecoder().decode(bytes.subarray(4, 4 + length))));
  if (!head.success) return null;
  let at = aligned(4 + length);
  const groups: Record<string, Record<string, NumberColumn>> = {};
  for (const { group, name, kind, length: rows } of head.data.columns) {
    const end = at + aligned(rows * KINDS[kind].BYTES_PER_ELEMENT);
    if (end > bytes.length) return null;
    (groups[group] ??= {})[name] = new KINDS[kind](bytes.buffer, at, rows);
    at = end;
  }
  return at === bytes.length ? { source: head.data.source, groups } : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
