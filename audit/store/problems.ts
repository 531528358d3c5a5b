/** Turns errors of the disk and the database into sentences that say what to do. */
import { statfsSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** Primary SQLite result codes (https://sqlite.org/rescode.html). */
const sqlite = { busy: 5, locked: 6, readonly: 8, io: 10, corrupt: 11, full: 13, cantopen: 14 };
const notADatabase = 26;

/**
 * SQLite's own words for a result code (`sqlite3_errstr`). The package gives the code to some errors only:
 * those of `all` have nothing but the words.
 */
const words: readonly (readonly [number, RegExp])[] = [
  [sqlite.full, /database or disk is full/],
  [sqlite.locked, /database (table|schema) is locked/],
  [sqlite.busy, /database is locked|locking protocol/],
  [sqlite.readonly, /attempt to write a readonly database/],
  [sqlite.corrupt, /database disk image is malformed|malformed database schema/],
  // Overread counts nothing so far.
  [sqlite.corrupt, /too large to be represented as a JavaScript number/],
  [sqlite.io, /disk I\/O error/],
  [sqlite.cantopen, /unable to open database file/],
  [notADatabase, /file is not a database/],
];

/** The primary SQLite result code of an error, or null if the error is not from SQLite. */
export function sqliteCode(error: unknown): number | null {
  const { errcode, message } = (error ?? {}) as { errcode?: unknown; message?: unknown };
  if (typeof errcode === 'number') return errcode & 0xff;
  if (error instanceof UserError || typeof message !== 'string') return null;
  return words.find(([, pattern]) => pattern.test(message))?.[0] ?? null;
}

/** Whether no space is left on the disk of a file. SQLite says so of a database, or that the disk fails. */
function isFull(error: unknown, folder: string): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const primary = sqliteCode(error);
  if (primary === sqlite.full || ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return true;
  return primary === sqlite.io && hasNoSpace(folder);
}

/** SQLite makes its shared memory in steps of this many bytes; on a disk with less space that fails. */
const LEAST_SPACE = 64 * 1024;

function hasNoSpace(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < LEAST_SPACE;
  } catch {
    return false;
  }
}

/** Whether the error means that the folder is read-only. */
function isReadOnly(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return true;
  const primary = sqliteCode(error);
  return primary === sqlite.readonly || primary === sqlite.cantopen;
}

/** Whether a database cannot be opened because SQLite could not write beside it: no right to, or no space. */
export function cannotWriteBeside(error: unknown): boolean {
  const primary = sqliteCode(error);
  return isReadOnly(error) || primary === sqlite.io || primary === sqlite.full;
}

/** Explains an error. @returns a UserError if a person can remove the cause, else the error itself */
export function explainProblem(error: unknown, folder: string): unknown {
  if (error instanceof UserError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const primary = sqliteCode(error);
  if (isFull(error, folder)) {
    return new UserError(
      `There is no space left for the project ${folder}: free some space and try again; ` +
        'what was saved before is intact.',
      { code: 'disk-full' },
    );
  }
  if (isReadOnly(error)) {
    return new UserError(
      `The project ${folder} cannot be written: give yourself write permission on the folder, ` +
        'or copy it to where you have it.',
      { code: 'read-only' },
    );
  }
  if (primary === sqlite.busy || primary === sqlite.locked) {
    return new UserError(
      `The project ${folder} is busy in another process: wait for it or close it, then try again.`,
      { code: 'locked' },
    );
  }
  if (primary === sqlite.corrupt || primary === notADatabase) {
    return new UserError(
      `The database of the project ${folder} is damaged: put project.db back from a backup.`,
      { code: 'bad-file' },
    );
  }
  if (primary === sqlite.io || code === 'EIO') {
    return new UserError(
      `The disk of the project ${folder} fails to read or write: check the disk or the network.`,
    );
  }
  return error;
}
