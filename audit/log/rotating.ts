/**
 * The log file, with a limited size. Several processes write it, so the file is opened and closed for
 * each line: no process keeps a file open that another one has renamed. A full file gets a new name
 * from the present time and the process id, so no rename replaces a file. If two processes rename at
 * the same moment, the second one renames a file of few lines, but no line is lost.
 *
 * The packages that rotate log files (`pino-roll`, `rotating-file-stream`) keep the file open and
 * expect that only one process writes it.
 */
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export const LOG_NAME = 'overread.log';
const OLD_NAME = /^overread-[\d-]+T[\dZ-]+-\d+\.log$/;
/** File mode: only the person may read the log. */
const OWN = 0o600;
const STANDARD_ERROR = 2;

export interface LogLimits {
  /** A file of this size in bytes is full: the next line goes to a new file. */
  readonly bytes: number;
  /** Number of files kept, the current one included. */
  readonly files: number;
}

const LIMITS: LogLimits = { bytes: 2 * 1024 * 1024, files: 5 };

/** A stream for pino. Never throws: a line that cannot be written goes to standard error. */
export class RotatingFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #limits: LogLimits;

  constructor(folder: string, limits: LogLimits = LIMITS) {
    this.#folder = folder;
    this.#path = join(folder, LOG_NAME);
    this.#limits = limits;
  }

  /** @param line one record of the log, with its line break */
  write(line: string): void {
    try {
      mkdirSync(this.#folder, { recursive: true });
      this.#rotate();
      appendFileSync(this.#path, line, { mode: OWN });
    } catch {
      toStandardError(line);
    }
  }

  #rotate(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#limits.bytes) return;
    try {
      const time = new Date().toISOString().replace(/[:.]/g, '-');
      renameSync(this.#path, join(this.#folder, `overread-${time}-${process.pid}.log`));
      const old = readdirSync(this.#folder)
        .filter((name) => OLD_NAME.test(name))
        .sort()
        .reverse();
      for (const name of old.slice(this.#limits.files - 1)) {
        rmSync(join(this.#folder, name), { force: true });
      }
    } catch {
      // Another process has just renamed the file, or (on Windows) has it open. The next line tries
      // again.
    }
  }
}

function toStandardError(line: string): void {
  try {
    writeSync(STANDARD_ERROR, line);
  } catch {
    // An application without a terminal has no standard error: the line is lost.
  }
}
