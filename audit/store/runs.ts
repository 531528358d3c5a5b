/** Rows of runs. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { appendAudit } from './audit-log.ts';
import type { Database } from './database.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { ChosenRun, Run, RunStatus } from './types.ts';

interface RunRow {
  id: string;
  session: string;
  started_at: string;
  ended_at: string | null;
  status: RunStatus;
  config: string;
  summary: string | null;
  error: string | null;
}

/**
 * All runs, newest last.
 * @param alive whether the lock of this session is still held; if not, a `running` run is returned as
 *   `interrupted`
 */
export function listRuns(db: Database, alive: (session: string) => boolean): Run[] {
  return db.all<RunRow>('SELECT * FROM runs ORDER BY sequence').map((row) => toRun(row, alive));
}

export function findRun(db: Database, id: string, alive: (session: string) => boolean): Run | null {
  const row = db.get<RunRow>('SELECT * FROM runs WHERE id = ?', id);
  return row ? toRun(row, alive) : null;
}

/** The newest run with status `done`, or null. */
export function newestDone(db: Database): Run | null {
  const row = db.get<RunRow>(
    "SELECT * FROM runs WHERE status = 'done' ORDER BY sequence DESC LIMIT 1",
  );
  return row ? toRun(row, () => true) : null;
}

function toRun(row: RunRow, alive: (session: string) => boolean): Run {
  const lost = row.status === 'running' && !alive(row.session);
  return {
    id: row.id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    status: lost ? 'interrupted' : row.status,
    config: JSON.parse(row.config) as unknown,
    summary: row.summary === null ? null : (JSON.parse(row.summary) as unknown),
    error: row.error,
  };
}

/** Inserts a run with status `running`. @param run.session id of this process's `WriterLock` */
export function insertRun(
  db: Database,
  run: { id: string; session: string; startedAt: Date; config: unknown },
): void {
  db.run(
    "INSERT INTO runs (id, session, started_at, status, config) VALUES (?, ?, ?, 'running', ?)",
    run.id,
    run.session,
    run.startedAt.toISOString(),
    JSON.stringify(run.config ?? null),
  );
}

export function finishRun(
  db: Database,
  id: string,
  end: { status: RunStatus; summary?: unknown; error?: string },
): void {
  db.run(
    'UPDATE runs SET status = ?, ended_at = ?, summary = ?, error = ? WHERE id = ?',
    end.status,
    new Date().toISOString(),
    end.summary === undefined ? null : JSON.stringify(end.summary),
    end.error ?? null,
    id,
  );
}

/** Sets a run that ended back to `running`. */
export function reopenRun(db: Database, id: string, session: string): void {
  db.run(
    `UPDATE runs SET status = 'running', session = ?, ended_at = NULL, error = NULL
     WHERE id = ?`,
    session,
    id,
  );
}

/** A run's id, which sorts by time and ends in random digits: `20260131-142500-9f3c`. */
export function newRunId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '');
  return `${time.slice(0, 8)}-${time.slice(9, 15)}-${randomBytes(2).toString('hex')}`;
}

/** The content of `chosen_run` in the table `meta`. */
export const StoredRun = z.object({ run: z.string(), at: z.string() }).nullable();

/** The run that a person chose to rank, or null if nobody chose one. */
export function readChosenRun(db: Database): ChosenRun | null {
  const stored = readMeta(db, 'chosen_run');
  return stored === null ? null : StoredRun.parse(JSON.parse(stored));
}

/**
 * Saves the run that a person chose to rank, with its audit row. Call it inside a transaction.
 * @param run null takes the choice back
 */
export function writeChosenRun(db: Database, run: string | null, author: string): void {
  const choice = run === null ? null : { run, at: new Date().toISOString() };
  writeMeta(db, 'chosen_run', JSON.stringify(choice));
  appendAudit(db, author, 'choose run', { run });
}
