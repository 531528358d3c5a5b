/**
 * Prints for a command: data goes to standard output; progress, notices and errors for a person go to
 * standard error. Every line passes here, so no name steers the terminal.
 */
import type { Progress } from '../contract/terms.ts';
import { percent, timeLeft } from '../contract/words.ts';

/** A stream for text. In a terminal the line of progress is redrawn; a pipe gets a new line each time. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Terminal {
  /** Writes a line of data to standard output. */
  print(line: string): void;
  /** Writes a line for a person to standard error; clears the line of progress first. */
  say(line: string): void;
  /** Draws the line of progress. */
  progress(progress: Progress): void;
  /** Clears the line of progress; the next task starts a new one. */
  endProgress(): void;
}

/** Characters that steer a terminal: all control characters but a tab and the end of a line. */
const STEERING = /(?!\r\n)[^\P{Cc}\t\n]/gu;

/**
 * Text that a terminal only shows. Names come from files and may hold any character, so a character that
 * would steer the terminal becomes its escape of JSON, for example `\u001b`; in JSON it means the same.
 */
function harmless(text: string): string {
  return text.replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const BAR = 24;
const REDRAW_MS = 80;
/** A pipe gets at most one line of progress in this many milliseconds. */
const SPARSE_MS = 10_000;

/** Seconds left as the task estimates them, else by its rate so far, or null if unknown. */
function secondsLeft(progress: Progress, elapsedMs: number): number | null {
  if (progress.secondsLeft !== null) return progress.secondsLeft;
  const { done, total } = progress;
  if (total === 0 || done === 0 || elapsedMs < 1000 || done >= total) return null;
  return ((elapsedMs / 1000) * (total - done)) / done;
}

/** For example `Importing  ██████░░░░  45 %  about 15 s left`; without the bar if `bar` is false. */
export function formatProgress(progress: Progress, elapsedMs: number, bar: boolean): string {
  const { message, done, total } = progress;
  const parts = [harmless(message)];
  if (total > 0) {
    const share = Math.min(1, done / total);
    const filled = Math.round(share * BAR);
    if (bar) parts.push('█'.repeat(filled) + '░'.repeat(BAR - filled));
    parts.push(percent(share));
  }
  const left = secondsLeft(progress, elapsedMs);
  if (left !== null) parts.push(timeLeft(left));
  return parts.join('  ');
}

/** @param options.now returns the time in milliseconds */
export function createTerminal(
  out: Sink,
  err: Sink,
  options: { quiet?: boolean; now?: () => number } = {},
): Terminal {
  const now = options.now ?? Date.now;
  const live = err.isTTY === true;
  let task = '';
  let began = 0;
  let drawnAt = -Infinity;
  let drawn = false;

  const clear = (): void => {
    if (drawn) err.write('\r\u001b[2K');
    drawn = false;
  };
  return {
    print(line) {
      clear();
      out.write(`${harmless(line)}\n`);
    },
    say(line) {
      clear();
      err.write(`${harmless(line)}\n`);
    },
    progress(progress) {
      if (options.quiet === true) return;
      const key = `${progress.task}${live ? '' : ` ${progress.total}`}`;
      if (key !== task) {
        task = key;
        began = now();
        drawnAt = live ? -Infinity : began;
      }
      const at = now();
      const finished = progress.total > 0 && progress.done >= progress.total;
      if (live) {
        if (at - drawnAt < REDRAW_MS && !finished) return;
        const line = formatProgress(progress, at - began, true);
        err.write(`\r\u001b[2K${line.slice(0, (err.columns ?? 80) - 1)}`);
        drawn = true;
      } else {
        if (at - drawnAt < SPARSE_MS) return;
        err.write(`${formatProgress(progress, at - began, false)}\n`);
      }
      drawnAt = at;
    },
    endProgress() {
      clear();
      task = '';
      drawnAt = -Infinity;
    },
  };
}

/** Pads columns to their widest cell; a column of numbers is aligned to the right. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const right = header.map(
    (_, column) =>
      rows.length > 0 && rows.every((row) => /^([-+−]?[\d.,]+ ?%?|[-–])?$/.test(row[column] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return right[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}

/** A path as a person types it in a shell, in quotes if it needs them. */
export function quoted(path: string): string {
  if (/^[\w./\\:~-]+$/.test(path)) return path;
  return process.platform === 'win32' ? `"${path}"` : `'${path.replaceAll("'", "'\\''")}'`;
}
