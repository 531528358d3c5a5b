/**
 * A sum over all cells of each table. SQLite has no checksum of its own: a changed bit in a number is a number,
 * too. Each transaction brings the sums up to date with the cells that it changed, which SQLite's session
 * extension tells, so that a change costs no reading of the table. `verify` sums up the tables again.
 *
 * A cell's hash takes in its table, the row's key, the column and the value. The sum of a table is the sum of its
 * cells' hashes, two numbers of 32 bits. It finds damage, not forgery: the audit log's chain does that.
 */
import type { Database } from './database.ts';

/** The tables that are summed up: all but that of the sums. */
export const SUMMED = [
  'meta',
  'structures',
  'cases',
  'revisions',
  'labels',
  'comments',
  'strokes',
  'runs',
  'scores',
  'import_notices',
  'audit',
  'calibrations',
] as const;

type Value = string | number | null | Uint8Array;

/** A hash of 64 bits in two halves, fed byte by byte (FNV-1a with two primes and a final mix). */
class Hash {
  a = 0x811c9dc5;
  b = 0x9747b28c;

  copy(): Hash {
    const copy = new Hash();
    copy.a = this.a;
    copy.b = this.b;
    return copy;
  }

  byte(value: number): this {
    this.a = Math.imul(this.a ^ value, 0x01000193);
    this.b = Math.imul((this.b ^ value) + 0x7f4a7c15, 0x85ebca6b);
    this.b ^= this.b >>> 13;
    return this;
  }

  bytes(values: Uint8Array): this {
    for (const value of values) this.byte(value);
    return this;
  }

  value(value: Value): this {
    if (value === null) return this.byte(5);
    if (typeof value === 'number') {
      numbers.setFloat64(0, value);
      return this.byte(1).bytes(numberBytes);
    }
    if (typeof value === 'string') return this.byte(3).bytes(Buffer.from(value)).byte(0);
    return this.byte(4).bytes(value).byte(0);
  }
}

const numberBytes = new Uint8Array(8);
const numbers = new DataView(numberBytes.buffer);

function finish(half: number): number {
  let mixed = half ^ (half >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

class Sum {
  a = 0;
  b = 0;

  add({ a, b }: Hash): void {
    this.a = (this.a + finish(a)) >>> 0;
    this.b = (this.b + finish(b)) >>> 0;
  }

  subtract({ a, b }: Hash): void {
    this.a = (this.a - finish(a)) >>> 0;
    this.b = (this.b - finish(b)) >>> 0;
  }

  toString(): string {
    return [this.a, this.b].map((half) => half.toString(16).padStart(8, '0')).join('');
  }

  static parse(text: string): Sum {
    const sum = new Sum();
    sum.a = Number.parseInt(text.slice(0, 8), 16);
    sum.b = Number.parseInt(text.slice(8), 16);
    return sum;
  }
}

/** The hash of a row's table and key; a cell's hash goes on from it. */
function rowHash(table: string, key: readonly Value[]): Hash {
  const hash = new Hash().value(table);
  for (const value of key) hash.value(value);
  return hash;
}

const cellHash = (row: Hash, column: number, value: Value): Hash =>
  row.copy().byte(column).value(value);

/** The sum of a table as it is now. */
function sumOf(db: Database, table: string): Sum {
  const columns = db.all<{ name: string; pk: number }>(`PRAGMA table_info(${table})`);
  const isKey = columns.map(({ pk }) => pk > 0);
  const sum = new Sum();
  for (const row of db.iterate<Record<string, Value>>(`SELECT * FROM ${table}`)) {
    const values = columns.map(({ name }) => row[name]);
    const hash = rowHash(
      table,
      values.filter((_, column) => isKey[column]),
    );
    values.forEach((value, column) => sum.add(cellHash(hash, column, value)));
  }
  return sum;
}

/** Tables whose rows are not the ones that Overread wrote, and those that cannot be read. */
export function changedTables(db: Database): string[] {
  // A project of an earlier version has no sums.
  if (!db.get("SELECT 1 FROM sqlite_schema WHERE name = 'sums'")) return [];
  const kept = new Map(
    db
      .all<{ name: string; value: string }>('SELECT name, value FROM sums')
      .map(({ name, value }) => [name, value]),
  );
  return SUMMED.filter((table) => {
    const value = kept.get(table);
    if (value === undefined) return kept.size > 0;
    return sumOf(db, table).toString() !== value;
  });
}

/** Reads SQLite's changesets (https://sqlite.org/session/changeset_iter.html, sqlite3session.c). */
class Changeset {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++];
  }

  peek(): number {
    return this.#bytes[this.#at];
  }

  /** SQLite's variable-length integer, which is short here. */
  #length(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  }

  /** The head of a table: which columns are keys, and the name. */
  table(): { isKey: boolean[]; name: string } {
    const columns = this.#length();
    const isKey = [...this.#bytes.subarray(this.#at, this.#at + columns)].map((flag) => flag > 0);
    this.#at += columns;
    const end = this.#bytes.indexOf(0, this.#at);
    const name = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return { isKey, name };
  }

  /** The values of a row; undefined where nothing was changed. */
  record(columns: number): (Value | undefined)[] {
    return Array.from({ length: columns }, () => this.#value());
  }

  #value(): Value | undefined {
    const type = this.byte();
    if (type === 0) return undefined;
    if (type === 5) return null;
    if (type === 1 || type === 2) {
      const at = this.#at;
      this.#at += 8;
      return type === 1 ? Number(this.#bytes.readBigInt64BE(at)) : this.#bytes.readDoubleBE(at);
    }
    const length = this.#length();
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return type === 3 ? bytes.toString('utf8') : bytes;
  }
}

const INSERT = 18;
const DELETE = 9;
const TABLE = 0x54;

/** Changes the sums by what a transaction changed. */
function follow(sums: Map<string, Sum>, bytes: Uint8Array): Set<string> {
  const changes = new Changeset(bytes);
  const touched = new Set<string>();
  let table = { isKey: [] as boolean[], name: '' };
  while (!changes.ended) {
    if (changes.peek() === TABLE) {
      changes.byte();
      table = changes.table();
      continue;
    }
    const kind = changes.byte();
    changes.byte();
    const { isKey, name } = table;
    const old = kind === INSERT ? null : changes.record(isKey.length);
    const now = kind === DELETE ? null : changes.record(isKey.length);
    const sum = sums.get(name);
    if (sum === undefined) continue;
    touched.add(name);
    const key = (old ?? now ?? []).filter((_, column) => isKey[column]) as Value[];
    const row = rowHash(name, key);
    isKey.forEach((_, column) => {
      const [before, after] = [old?.[column], now?.[column]];
      // An update names the key as old and leaves it out of the new values: it stays.
      if (before !== undefined && (now === null || after !== undefined)) {
        sum.subtract(cellHash(row, column, before));
      }
      if (after !== undefined) sum.add(cellHash(row, column, after));
    });
  }
  return touched;
}

/**
 * Keeps the sums of a database that this process writes. Sums up all tables if nobody did so yet, as in a project
 * of an earlier version.
 */
export function keepSums(db: Database): void {
  const sums = new Map<string, Sum>();
  db.transaction(() => {
    for (const { name, value } of db.all<{ name: string; value: string }>('SELECT * FROM sums')) {
      sums.set(name, Sum.parse(value));
    }
    if (sums.size > 0) return;
    for (const table of SUMMED) sums.set(table, sumOf(db, table));
    write(db, sums, SUMMED);
  });
  db.onChanges = (changeset) => {
    const before = new Map([...sums].map(([name, sum]) => [name, sum.toString()]));
    write(db, sums, follow(sums, changeset));
    return () => {
      for (const [name, value] of before) sums.set(name, Sum.parse(value));
    };
  };
}

function write(db: Database, sums: ReadonlyMap<string, Sum>, names: Iterable<string>): void {
  for (const name of names) {
    db.run('INSERT OR REPLACE INTO sums VALUES (?, ?)', name, String(sums.get(name)));
  }
}

/** Drops the sums; the next process that writes makes them anew. Call it after changes that nobody followed. */
export function forgetSums(db: Database): void {
  db.run('DELETE FROM sums');
}
