/**
 * The lock of the one writing process. It is SQLite's own exclusive lock on an empty `lock.db`,
 * that is, a lock of the operating system: a crash or `kill -9` releases it, and nothing has to be
 * cleaned up. `lock.json` beside it tells who holds it; it is for people and means nothing alone.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { explainProblem, sqliteCode } from './problems.ts';

const busy = 5;
/** A reader that asks whether the lock is held stands in the way for less than this. */
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
  /** Names this opening of the project; a run remembers it, to tell whether its writer lives. */
  readonly session: string;
  readonly #connection: InstanceType<typeof DatabaseSync>;
  readonly #folder: string;

  private constructor(
    folder: string,
    session: string,
    connection: InstanceType<typeof DatabaseSync>,
  ) {
    this.session = session;
    this.#folder = folder;
    this.#connection = connection;
  }

  /**
   * @param purpose what the process does, as a person would call it: `overread train`
   * @throws UserError naming the process that holds the lock
   */
  static acquire(folder: string, purpose: string): WriterLock {
    let connection: InstanceType<typeof DatabaseSync> | null = null;
    try {
      connection = new DatabaseSync(path.join(folder, 'lock.db'), { timeout: patience });
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

/** Who wrote `lock.json`; says nothing about whether the lock is held. */
function readHolder(folder: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(path.join(folder, 'lock.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether the opening called `session` still holds the lock. */
export function isSessionAlive(folder: string, session: string): boolean {
  return readHolder(folder)?.session === session && isLocked(folder);
}

function isLocked(folder: string): boolean {
  const file = path.join(folder, 'lock.db');
  if (!statSync(file, { throwIfNoEntry: false })) return false;
  let connection: InstanceType<typeof DatabaseSync> | null = null;
  try {
    connection = new DatabaseSync(file, { readOnly: true, timeout: 0 });
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

/** Local time, with the date where it is not today's. */
function clock(iso: string): string {
  const since = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(since.getHours())}:${two(since.getMinutes())}`;
  if (since.toDateString() === new Date().toDateString()) return time;
  return `${since.getFullYear()}-${two(since.getMonth() + 1)}-${two(since.getDate())} ${time}`;
}
