/** The steps of looking at a dataset: counted and told, and where it is cancelled it ends between two. */
import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { secondsLeft } from './pipeline.ts';
import type { Looking } from '../types.ts';

/** Milliseconds after which others get their turn: whoever cancels, and a server's other requests. */
const BREATH = 20;
/** Progress is told this often in all, however many steps there are. */
const TOLD = 1000;

/** Tells how far a look is; `total` is 0 while unknown. */
export function tellLooking(
  { onProgress }: Looking,
  done: number,
  total: number,
  left: number | null = null,
): void {
  const message = 'Looking at the dataset';
  onProgress?.({ task: 'look', message, done, total, secondsLeft: left });
}

export class Steps {
  readonly #total: number;
  readonly #looking: Looking;
  readonly #startedAt = performance.now();
  #breathedAt = this.#startedAt;
  #done = 0;
  #told = 0;

  /** @param total in whatever is counted: files, bytes. */
  constructor(total: number, looking: Looking) {
    this.#total = total;
    this.#looking = looking;
  }

  get isCancelled(): boolean {
    return this.#looking.signal?.aborted === true;
  }

  /**
   * Counts what was done since the last call; of nothing, it only lets others have their turn.
   * @throws the signal's reason when cancelled.
   */
  async take(count = 1): Promise<void> {
    const { signal } = this.#looking;
    signal?.throwIfAborted();
    this.#done = Math.min(this.#total, this.#done + count);
    if (this.#done - this.#told >= this.#total / TOLD && count > 0) {
      this.#told = this.#done;
      const left = secondsLeft(this.#startedAt, this.#done, this.#total);
      tellLooking(this.#looking, this.#done, this.#total, left);
    }
    if (performance.now() - this.#breathedAt < BREATH) return;
    await setImmediate();
    this.#breathedAt = performance.now();
    signal?.throwIfAborted();
  }
}

/** Bytes of all these files; of one that is not there, none. */
export async function bytesOf(paths: readonly string[]): Promise<number> {
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
  return found.reduce((sum, file) => sum + (file?.size ?? 0), 0);
}
