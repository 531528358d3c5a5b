/**
 * Counts the steps of listing a dataset, reports the progress, and stops between two steps if a person
 * cancels.
 */
import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { secondsLeft } from './pipeline.ts';
import type { Looking } from '../types.ts';

/** After this many milliseconds of work, other events are handled, such as a cancellation or a request. */
const BREATH = 20;
/** The most reports of progress for one listing, whatever the number of its steps. */
const REPORTS = 1000;

/** Reports the progress; `total` is 0 while it is unknown. */
export function tellLooking(
  { onProgress }: Looking,
  done: number,
  total: number,
  left: number | null = null,
): void {
  const message = 'Looking at the dataset';
  onProgress?.({ task: 'look', message, done, total, secondsLeft: left });
}

/** Counts the work of one listing and reports its progress. */
export class Steps {
  readonly #total: number;
  readonly #looking: Looking;
  readonly #startedAt = performance.now();
  #breathedAt = this.#startedAt;
  #done = 0;
  #reported = 0;

  /** @param total number of files, bytes or characters to go through */
  constructor(total: number, looking: Looking) {
    this.#total = total;
    this.#looking = looking;
  }

  get isCancelled(): boolean {
    return this.#looking.signal?.aborted === true;
  }

  /**
   * Adds `count` to the work done, and from time to time lets other events be handled. With 0 it only
   * lets other events be handled.
   * @throws the signal's reason when cancelled.
   */
  async take(count = 1): Promise<void> {
    const { signal } = this.#looking;
    signal?.throwIfAborted();
    this.#done = Math.min(this.#total, this.#done + count);
    if (this.#done - this.#reported >= this.#total / REPORTS && count > 0) {
      this.#reported = this.#done;
      const left = secondsLeft(this.#startedAt, this.#done, this.#total);
      tellLooking(this.#looking, this.#done, this.#total, left);
    }
    if (performance.now() - this.#breathedAt < BREATH) return;
    await setImmediate();
    this.#breathedAt = performance.now();
    signal?.throwIfAborted();
  }
}

/** The size of all these files in bytes. A missing file counts as 0. */
export async function bytesOf(paths: readonly string[]): Promise<number> {
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return found.reduce((sum, file) => sum + (file?.size ?? 0), 0);
}
