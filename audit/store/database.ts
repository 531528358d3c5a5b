/**
 * One connection to a project's database: prepared statements kept, transactions, and errors in
 * words. Nothing in this process may open `project.db` or `lock.db` but SQLite: closing any other
 * descriptor of the file would silently drop SQLite's POSIX locks.
 */
import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from '@photostructure/sqlite';
import { explainProblem, isReadOnly } from './problems.ts';

type SqlValue = string | number | null | Uint8Array;
type Connection = InstanceType<typeof DatabaseSync>;
type Statement = ReturnType<Connection['prepare']>;

/** How long a statement waits for another process's short transaction. */
const busyMilliseconds = 10_000;

export class Database {
  readonly file: string;
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  readonly #folder: string;
  readonly #readOnly: boolean;
  #depth = 0;

  private constructor(file: string, connection: Connection, readOnly: boolean) {
    this.file = file;
    this.#readOnly = readOnly;
    this.#connection = connection;
    this.#folder = path.dirname(file);
  }

  /** Opens for writing, and makes the file where there is none. */
  static open(file: string): Database {
    return Database.#connect(file, file, false);
  }

  /**
   * Opens for reading. In a folder that may not be written SQLite cannot keep the shared memory
   * that WAL needs; where no log is left over, the file is whole and is read as unchanging.
   */
  static openReadOnly(file: string): Database {
    try {
      return Database.#connect(file, file, true);
    } catch (error) {
      const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
      if (!isReadOnly((error as Error).cause) || (log && log.size > 0)) throw error;
      return Database.#connect(file, `${pathToFileURL(file).href}?immutable=1`, true);
    }
  }

  static #connect(file: string, location: string, readOnly: boolean): Database {
    let connection: Connection | null = null;
    try {
      connection = new DatabaseSync(location, { readOnly, timeout: busyMilliseconds });
      connection.exec('PRAGMA foreign_keys = ON; PRAGMA schema_version;');
      return new Database(file, connection, readOnly);
    } catch (error) {
      connection?.close();
      const told = explainProblem(error, path.dirname(file));
      if (told instanceof Error && told !== error) told.cause = error;
      throw told;
    }
  }

  all<T>(sql: string, ...values: SqlValue[]): T[] {
    return this.#guard(() => {
      // Rows as arrays cross from SQLite three times as fast as objects: matters at 100,000 cases.
      const statement = this.#prepare(sql);
      statement.setReturnArrays(true);
      try {
        const rows = statement.all(...values) as unknown as unknown[][];
        const names = statement.columns().map(({ name }) => name);
        return rows.map((row) => {
          const object: Record<string, unknown> = {};
          for (let i = 0; i < names.length; i += 1) object[names[i]] = row[i];
          return object as T;
        });
      } finally {
        statement.setReturnArrays(false);
      }
    });
  }

  get<T>(sql: string, ...values: SqlValue[]): T | undefined {
    return this.#guard(() => this.#prepare(sql).get(...values) as T | undefined);
  }

  run(sql: string, ...values: SqlValue[]): { changes: number; lastInsertRowid: number } {
    return this.#guard(() => {
      const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    });
  }

  /** Rows one by one, for results too long to hold. Do not write while it runs. */
  *iterate<T>(sql: string, ...values: SqlValue[]): Generator<T, void> {
    const statement = this.#guard(() => this.#connection.prepare(sql));
    const rows = statement.iterate(...values) as IterableIterator<T>;
    try {
      for (;;) {
        const step = this.#guard(() => rows.next());
        if (step.done) return;
        yield step.value;
      }
    } finally {
      rows.return?.();
    }
  }

  /** Several statements without values or results. */
  exec(sql: string): void {
    this.#guard(() => this.#connection.exec(sql));
  }

  /** A copy of the database as it is now, in a new file: whole, synced, readable on its own. */
  copyTo(file: string): void {
    this.run('VACUUM INTO ?', file);
    const descriptor = openSync(file, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** One write transaction: all of `work` or nothing. Within another it joins that one. */
  transaction<T>(work: () => T): T {
    return this.#within('BEGIN IMMEDIATE', work);
  }

  /** One state of the database for several reads. */
  snapshot<T>(work: () => T): T {
    return this.#within('BEGIN', work);
  }

  #within<T>(begin: string, work: () => T): T {
    if (this.#depth > 0) return work();
    this.exec(begin);
    this.#depth++;
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled the transaction back already.
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /**
   * The package frees statements, and with them the file handles of a closed connection, only when
   * they are collected as garbage. So the log is folded into the database here, not left to the
   * last handle: a closed project is whole in `project.db`.
   */
  close(): void {
    if (!this.#connection.isOpen) return;
    this.#statements.clear();
    try {
      // Without waiting for readers: what they still need stays in the log, where it is safe.
      if (!this.#readOnly) {
        this.#connection.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE);');
      }
    } catch {
      // A full disk, say: the log keeps everything.
    }
    this.#connection.close();
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explainProblem(error, this.#folder);
    }
  }
}
