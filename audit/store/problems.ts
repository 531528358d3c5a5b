/** Turns errors of the disk and the database into sentences that say what to do. */
import { UserError } from '../errors.ts';

/** Primary SQLite result codes (https://sqlite.org/rescode.html). */
const sqlite = { busy: 5, locked: 6, readonly: 8, io: 10, corrupt: 11, full: 13, cantopen: 14 };
const notADatabase = 26;

/** The primary SQLite result code of an error, or null if the error is not from SQLite. */
export function sqliteCode(error: unknown): number | null {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : null;
}

/** Whether the error means that the folder is read-only. */
export function isReadOnly(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return true;
  const primary = sqliteCode(error);
  return primary === sqlite.readonly || primary === sqlite.cantopen;
}

/** Explains an error. @returns a UserError if a person can remove the cause, else the error itself */
export function explainProblem(error: unknown, folder: string): unknown {
  if (error instanceof UserError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const primary = sqliteCode(error);
  if (primary === sqlite.full || ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) {
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
