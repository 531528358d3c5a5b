/**
 * Opens files of a dataset. A dataset may hold anything: opening a pipe waits for its writer, and a device may
 * never end. So only regular files are opened, and links are followed to them.
 */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ErrorCode } from './contract/errors.ts';
import { UserError } from './errors.ts';

/** Longest time in milliseconds that a disk or a server of files may take to answer. */
const PATIENCE = 60_000;

/** A file that cannot be read. `problem` is the message without the file's name in front. */
export class UnreadableFile extends UserError {
  readonly file: string;
  readonly problem: string;

  constructor(file: string, problem: string, code: ErrorCode = 'bad-file') {
    super(`${file} ${problem}`, { code });
    this.file = file;
    this.problem = problem;
  }
}

/** The rest of a sentence about a file. */
const NOT_REGULAR = 'is a pipe, a device or a socket, not a file: put the file in its place.';
export const NO_ANSWER =
  'cannot be read, because its disk or server does not answer: check it and try again.';

/**
 * The result of `reading` if the disk answers in time. A network drive that has stalled never does.
 * @param refusal makes the error if it does not
 */
export async function answered<T>(
  reading: Promise<T>,
  refusal: () => Error,
  patience = PATIENCE,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(refusal()), patience);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Opens a regular file for reading.
 * @throws UnreadableFile for a pipe, a device or a socket; the error of the disk for anything else, for example a folder
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const opening = openNow(path);
  try {
    return await answered(opening, () => new UnreadableFile(path, NO_ANSWER));
  } catch (error) {
    // A disk that answers late after all must not keep the file open.
    void opening.then((file) => file.close()).catch(() => undefined);
    throw error;
  }
}

async function openNow(path: string): Promise<FileHandle> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new UnreadableFile(path, NOT_REGULAR);
  // Something else may have taken the name meanwhile. Without waiting, opening a pipe ends at once.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const opened = await file.stat();
    if (!opened.isFile() && !opened.isDirectory()) throw new UnreadableFile(path, NOT_REGULAR);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Reads a whole regular file; see `openRegular`. */
export async function readRegular(path: string): Promise<Buffer>;
export async function readRegular(path: string, encoding: 'utf8'): Promise<string>;
export async function readRegular(path: string, encoding?: 'utf8'): Promise<Buffer | string> {
  const file = await openRegular(path);
  try {
    return await answered(
      file.readFile(encoding ?? null),
      () => new UnreadableFile(path, NO_ANSWER),
    );
  } finally {
    void file.close().catch(() => undefined);
  }
}
