/**
 * The lock of the writing process: SQLite's exclusive lock on an empty `lock.db`. It is a lock of
 * the operating system, so a crash or `kill -9` releases it and nothing has to be cleaned up.
 * `lock.json` beside it names the holder for people; alone it does not prove that the lock is held.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';
import { explainProblem, sqliteCode } from './problems.ts';

const busy = 5;
/**
 * How long to wait for the lock, in milliseconds. A reader that only tests the lock blocks it for less.
 */
const patience = 500;

const Holder = z.object({
  session: z.string(),
  pid: z.number(),
  host: z.string(),
  purpose: z.string(),
  since: z.string(),
});
export type Holder = z.infer<typeof Holder>;

export class WriterLock {
  /** Id of this lock. A run stores it, so that others can see whether its writer still runs. */
  readonly session: string;
  readonly #connection: Connection;
  readonly #folder: string;

  private constructor(folder: string, session: string, connection: Connection) {
    this.session = session;
    this.#folder = folder;
    this.#connection = connection;
  }

  /**
   * @param purpose shown to other processes: `overread train`
   * @throws UserError that names the holder, if another process holds the lock
   */
  static acquire(folder: string, purpose: string): WriterLock {
    let connection: Connection | null = null;
    try {
      connection = connect(path.join(folder, 'lock.db'), { timeout: patience });
      connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
      const lock = new WriterLock(folder, randomUUID(), connection);
      lock.#sign(purpose);
      return lock;
    } catch (error) {
      connection?.close();
      if (sqliteCode(error) === busy) throw new UserError(refusal(folder), { code: 'locked' });
      throw explainProblem(error, folder);
    }
  }

  #sign(purpose: string): void {
    const holder: Holder = {
      session: this.session,
      pid: process.pid,
      host: os.hostname(),
      purpose,
      since: new Date().toISOString(),
    };
    const file = path.join(this.#folder, 'lock.json');
    writeFileSync(`${file}.tmp`, `${JSON.stringify(holder)}\n`);
    renameSync(`${file}.tmp`, file);
  }

  release(): void {
    if (!this.#connection.isOpen) return;
    try {
      rmSync(path.join(this.#folder, 'lock.json'), { force: true });
    } finally {
      this.#connection.close();
    }
  }
}

/**
 * The content of `lock.json`, or null if it cannot be read. Neither says whether the lock is held.
 */
function readHolder(folder: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(path.join(folder, 'lock.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether the lock with the id `session` is still held. */
export function isSessionAlive(folder: string, session: string): boolean {
  return readHolder(folder)?.session === session && isLocked(folder);
}

/** Whether a process holds the lock of a project. */
export function isLocked(folder: string): boolean {
  const file = path.join(folder, 'lock.db');
  if (!statSync(file, { throwIfNoEntry: false })) return false;
  let connection: Connection | null = null;
  try {
    connection = connect(file, { readOnly: true, timeout: 0 });
    connection.exec('SELECT count(*) FROM sqlite_master');
    return false;
  } catch (error) {
    return sqliteCode(error) === busy;
  } finally {
    connection?.close();
  }
}

function refusal(folder: string): string {
  const holder = readHolder(folder);
  const who = holder
    ? `"${holder.purpose}" (process ${holder.pid} on ${holder.host} since ${clock(holder.since)})`
    : 'another process';
  return `The project ${folder} is being written by ${who}: wait for it or close it.`;
}

/** The local time, with the date if it is not today. */
function clock(iso: string): string {
  const since = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(since.getHours())}:${two(since.getMinutes())}`;
  if (since.toDateString() === new Date().toDateString()) return time;
  return `${since.getFullYear()}-${two(since.getMonth() + 1)}-${two(since.getDate())} ${time}`;
}
