/**
 * A copy of the audit log outside of the database: `labels/log.jsonl`, beside the label store, one row a line.
 * project.db can lose its newest changes without a trace, when its WAL is damaged or missing, or when an old copy
 * is put in its place. This file then tells which changes are missing, and `repair.ts` makes them again.
 *
 * A row is appended after its commit and before the change is acknowledged. So the file is never ahead of an
 * intact database; after a crash it may be behind, and the next opening appends what it lacks.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { createReadStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { counted } from '../contract/words.ts';
import { UserError } from '../errors.ts';
import { readAudit } from './audit-log.ts';
import type { Database } from './database.ts';
import { OWN_FILE } from './files.ts';
import type { AuditEntry } from './types.ts';

const LoggedRow = z.object({
  sequence: z.number().int().positive(),
  at: z.string(),
  author: z.string(),
  action: z.string(),
  detail: z.unknown(),
  hash: z.string(),
});
/** Strokes have no row in the audit log until they become a revision: a line keeps the newest one's id. */
const LoggedStroke = z.object({ stroke: z.number().int().positive() });

/** How far a copy of the log goes. */
export interface LogEnd {
  /** Sequence number and hash of the newest row; 0 and an empty text if there is none. */
  readonly sequence: number;
  readonly hash: string;
  readonly at: string;
  /** Id of the newest stroke, or 0. */
  readonly stroke: number;
}

const NOTHING: LogEnd = { sequence: 0, hash: '', at: '', stroke: 0 };
/** A row holds a comment of 10,000 characters at most, and the end of the file holds some rows. */
const TAIL = 1 << 20;

export const logCopyFile = (project: string): string => path.join(project, 'labels', 'log.jsonl');

function parse(line: string): AuditEntry | { stroke: number } | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const stroke = LoggedStroke.safeParse(value);
  if (stroke.success) return stroke.data;
  const row = LoggedRow.safeParse(value);
  return row.success ? { ...row.data, detail: row.data.detail } : null;
}

/** Where the copy ends, from the lines of its last part, and the length of its whole lines. */
function endOf(descriptor: number): { end: LogEnd; length: number } {
  const { size } = fstatSync(descriptor);
  const bytes = Buffer.alloc(Math.min(size, TAIL));
  readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
  const whole = bytes.lastIndexOf(10) + 1;
  const end = { ...NOTHING };
  for (const line of bytes.toString('utf8', 0, whole).split('\n')) {
    const found = parse(line);
    if (found === null) continue;
    if ('stroke' in found) end.stroke = found.stroke;
    else ({ sequence: end.sequence, hash: end.hash, at: end.at } = found);
  }
  return { end, length: size - bytes.length + whole };
}

/** Where the copy of a project's log ends; null if there is no copy, or the person may not read it. */
export function readLogEnd(project: string): LogEnd | null {
  let descriptor: number;
  try {
    descriptor = openSync(logCopyFile(project), 'r');
  } catch {
    return null;
  }
  try {
    return endOf(descriptor).end;
  } finally {
    closeSync(descriptor);
  }
}

/** The rows of the copy, oldest first. A line that is broken is null. */
export async function* readLogCopy(project: string): AsyncGenerator<AuditEntry | null> {
  const input = createReadStream(logCopyFile(project), 'utf8');
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const found = parse(line);
    if (found === null || !('stroke' in found)) yield found;
  }
}

const lastStroke = (db: Database): number =>
  db.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'strokes'")?.seq ?? 0;

const hashOfRow = (db: Database, sequence: number): string =>
  db.get<{ hash: string }>('SELECT hash FROM audit WHERE sequence = ?', sequence)?.hash ?? '';

/**
 * What the database lacks that the copy has, as the rest of a sentence about the project; null if nothing.
 * @param end read before the database, so that a change in between is not taken for a missing one
 */
export function missingIn(db: Database, end: LogEnd): string | null {
  const last =
    db.get<{ last: number | null }>('SELECT max(sequence) AS last FROM audit')?.last ?? 0;
  if (last < end.sequence) {
    return `lacks ${counted(end.sequence - last, 'change')} that were saved until ${end.at}`;
  }
  if (hashOfRow(db, end.sequence) !== end.hash) {
    return `does not hold the changes that were saved until ${end.at}`;
  }
  if (lastStroke(db) < end.stroke) {
    return `lacks ${counted(end.stroke - lastStroke(db), 'stroke')} that were drawn and saved`;
  }
  return null;
}

/** Appends to the copy. Only the process that holds the writer's lock has one. */
export class LogCopy {
  readonly #descriptor: number;
  readonly #db: Database;
  #end: LogEnd;

  private constructor(descriptor: number, db: Database, end: LogEnd) {
    this.#descriptor = descriptor;
    this.#db = db;
    this.#end = end;
  }

  /**
   * Opens the copy, or makes it, and appends the rows that it lacks; then it follows each commit.
   * @throws UserError if the database lacks changes that the copy has
   */
  static open(project: string, db: Database): LogCopy {
    mkdirSync(path.join(project, 'labels'), { recursive: true });
    const descriptor = openSync(logCopyFile(project), 'a+', OWN_FILE);
    try {
      const { end, length } = endOf(descriptor);
      // A crash may have cut the last line.
      if (length < fstatSync(descriptor).size) ftruncateSync(descriptor, length);
      const missing = missingIn(db, end);
      if (missing !== null) {
        throw new UserError(
          `The database of the project ${project} ${missing}: "overread repair" gives back what it can.`,
          { code: 'bad-file' },
        );
      }
      const copy = new LogCopy(descriptor, db, end);
      copy.follow();
      db.onCommit = () => copy.follow();
      return copy;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /**
   * Appends what was committed since the last call. A full disk is no error of the change, which is saved: the
   * next call appends again.
   */
  follow(): void {
    const rows = readAudit(this.#db, { after: this.#end.sequence });
    const stroke = lastStroke(this.#db);
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
    if (stroke > this.#end.stroke) lines.push(`${JSON.stringify({ stroke })}\n`);
    if (lines.length === 0) return;
    try {
      writeSync(this.#descriptor, lines.join(''));
    } catch {
      return;
    }
    const { sequence, hash, at } = rows.at(-1) ?? this.#end;
    this.#end = { sequence, hash, at, stroke };
  }

  close(): void {
    try {
      fsyncSync(this.#descriptor);
    } catch {
      // The file lags behind after a power cut, and the next opening appends what it lacks.
    } finally {
      closeSync(this.#descriptor);
    }
  }
}
