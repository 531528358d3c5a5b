/**
 * One connection to a project's database, with prepared statements, transactions and errors for
 * people. In this process only SQLite may open `project.db` and `lock.db`: if other code opened and
 * closed one of these files, SQLite's POSIX locks on it would silently be gone.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';
import { OWN_FOLDER, makeOwnFile } from './files.ts';
import { temporaryBeside } from './leftovers.ts';
import { cannotWriteBeside, explainProblem } from './problems.ts';

type SqlValue = string | number | null | Uint8Array;
type Statement = ReturnType<Connection['prepare']>;

/** How long a statement waits for another process's short transaction. */
const busyMilliseconds = 10_000;

export class Database {
  readonly file: string;
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  readonly #folder: string;
  readonly #readOnly: boolean;
  /** Removes the copy that this connection reads, if it reads one. */
  readonly #removeCopy: () => void;
  #depth = 0;
  /** Called after each commit of a write transaction. */
  onCommit: () => void = () => undefined;
  /**
   * Called at the end of each write transaction, within it, with what it changed: a changeset of SQLite's session
   * extension. Returns a function that takes back what the callee noted, if the commit fails.
   */
  onChanges: ((changeset: Uint8Array) => () => void) | null = null;

  private constructor(
    file: string,
    connection: Connection,
    readOnly: boolean,
    removeCopy: () => void = () => undefined,
  ) {
    this.file = file;
    this.#removeCopy = removeCopy;
    this.#readOnly = readOnly;
    this.#connection = connection;
    this.#folder = path.dirname(file);
  }

  /** Opens the file for writing; makes it if it does not exist. */
  static open(file: string): Database {
    return Database.#connect(file, file, false);
  }

  /**
   * Opens the file for reading. In a read-only folder and on a full disk, SQLite cannot make the shared memory
   * that WAL needs. If no WAL is left there, the file is complete and is opened as immutable; else a copy of both
   * is read.
   */
  static openReadOnly(file: string): Database {
    try {
      return Database.#connect(file, file, true);
    } catch (error) {
      if (!cannotWriteBeside((error as Error).cause)) throw error;
      const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
      if (log && log.size > 0) return Database.#openCopy(file, error);
      return Database.#connect(file, `${pathToFileURL(file).href}?immutable=1`, true);
    }
  }

  /**
   * Opens the file for reading without making any file beside it. The caller knows that no process writes it. A
   * WAL that is left is read from a copy.
   */
  static openUntouched(file: string): Database {
    const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
    if (log && log.size > 0) return Database.#openCopy(file, null);
    return Database.#connect(file, `${pathToFileURL(file).href}?immutable=1`, true);
  }

  /**
   * Opens a copy of the file, in the folder for temporary files, that `change` has changed. Closing removes the
   * copy. The caller knows that no process writes the file.
   */
  static openChanged(file: string, change: (copy: Database) => void): Database {
    const db = Database.#openCopy(file, null, false);
    try {
      change(db);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Opens a copy in the folder for temporary files. No process writes the database: it could not, either. */
  static #openCopy(file: string, problem: unknown, readOnly = true): Database {
    const temporary = temporaryBeside(path.join(os.tmpdir(), 'overread-read'));
    const remove = (): void => temporary.remove();
    try {
      mkdirSync(temporary.path, { mode: OWN_FOLDER });
      const copy = path.join(temporary.path, path.basename(file));
      for (const end of ['', '-wal']) {
        if (end === '' || existsSync(file + end)) copyFileSync(file + end, copy + end);
      }
      return Database.#connect(file, copy, readOnly, remove);
    } catch (error) {
      remove();
      throw problem ?? error;
    }
  }

  static #connect(
    file: string,
    location: string,
    readOnly: boolean,
    removeCopy?: () => void,
  ): Database {
    let connection: Connection | null = null;
    try {
      connection = connect(location, { readOnly, timeout: busyMilliseconds });
      connection.exec('PRAGMA foreign_keys = ON; PRAGMA schema_version;');
      return new Database(file, connection, readOnly, removeCopy);
    } catch (error) {
      connection?.close();
      const told = explainProblem(error, path.dirname(file));
      if (told instanceof Error && told !== error) told.cause = error;
      throw told;
    }
  }

  all<T>(sql: string, ...values: SqlValue[]): T[] {
    return this.#guard(() => {
      // SQLite returns arrays three times as fast as objects, which matters at 100,000 cases.
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

  /** Yields rows one by one, for results too long for the memory. Do not write until all are read. */
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

  /** Runs several statements without parameters or results. */
  exec(sql: string): void {
    this.#guard(() => this.#connection.exec(sql));
  }

  /** Copies the database as it is now to a new file, synced, readable on its own and by its owner only. */
  copyTo(file: string): void {
    makeOwnFile(file);
    this.run('VACUUM INTO ?', file);
    const descriptor = openSync(file, 'r+');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /**
   * Runs `work` in one write transaction; inside another transaction it becomes part of that one.
   */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    const result =
      this.onChanges === null ? this.#write(work) : this.#watched(work, this.onChanges);
    this.onCommit();
    return result;
  }

  #write<T>(work: () => T): T {
    return this.#within('BEGIN IMMEDIATE', work);
  }

  #watched<T>(work: () => T, onChanges: (changeset: Uint8Array) => () => void): T {
    const session = this.#connection.createSession();
    let takeBack = (): void => undefined;
    try {
      return this.#write(() => {
        const result = work();
        const changeset = session.changeset();
        if (changeset.length > 0) takeBack = onChanges(changeset);
        return result;
      });
    } catch (error) {
      takeBack();
      throw error;
    } finally {
      session.close();
    }
  }

  /** Runs several reads on one state of the database. */
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
      // SQLite may have rolled the transaction back already, for example on a full disk.
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /**
   * Writes the WAL into `project.db` and closes the connection. SQLite writes the WAL by itself only when
   * the last handle closes, and the package closes the handles of statements only when garbage is
   * collected.
   */
  close(): void {
    if (!this.#connection.isOpen) return;
    this.#statements.clear();
    try {
      // The checkpoint does not wait for readers: pages that they still need stay safe in the WAL.
      if (!this.#readOnly) {
        this.#connection.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE);');
      }
    } catch {
      // The checkpoint may fail, for example on a full disk. Nothing is lost: the WAL keeps everything.
    }
    this.#connection.close();
    this.#removeCopy();
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
