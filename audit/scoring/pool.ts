/** Scores chunks of cases on a few worker threads, in any order; the first failure ends all threads. */
import { Worker } from 'node:worker_threads';
import '../../models/onnx/quiet.ts';
import { UserError } from '../errors.ts';
import { threadEntry } from '../thread-entry.ts';
import type { CaseTask, ChunkResult, WorkerMessage, WorkerSetup } from './types.ts';

/** Resolves with the worker's next answer; rejects when the worker fails or ends. */
function answer(worker: Worker): Promise<ChunkResult> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (message: WorkerMessage): void =>
      settle(() => {
        if (message.type === 'scored') resolve(message);
        else if (message.user) reject(new UserError(message.message));
        else reject(new Error(`scoring failed: ${message.message}`));
      });
    const onError = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    const onExit = (code: number): void =>
      settle(() => reject(new Error(`a scoring thread ended unexpectedly (code ${code})`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

export interface PoolOptions {
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/**
 * Scores all chunks, `threads` at a time, and calls `onResult` on this thread with each result. A chunk
 * is taken from `chunks` when a thread is free.
 * @throws the first failure, or AbortError, after all threads have ended.
 */
export async function scoreChunks(
  setup: WorkerSetup,
  chunks: AsyncIterator<readonly CaseTask[], undefined>,
  onResult: (result: ChunkResult) => void,
  options: PoolOptions,
): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  const entry = threadEntry(import.meta.url, './worker.js');
  const workers: Worker[] = [];
  let stopped = false;
  let failure: Error | null = null;
  const stop = (): void => {
    stopped = true;
    for (const worker of workers) void worker.terminate();
  };
  signal?.addEventListener('abort', stop, { once: true });

  const fail = (error: unknown): void => {
    // Keeps only the first failure, which is the cause: it ends the other threads, which then fail, too.
    if (!stopped) failure = error instanceof Error ? error : new Error(String(error));
    stop();
  };
  const serve = async (): Promise<void> => {
    let exited: Promise<void> | null = null;
    try {
      // Takes a chunk before it starts the thread: there are never more threads than chunks.
      let next = await chunks.next();
      if (next.done || stopped) return;
      const worker = new Worker(entry, { workerData: setup });
      workers.push(worker);
      exited = new Promise((resolve) => worker.once('exit', () => resolve()));
      for (; !next.done && !stopped; next = await chunks.next()) {
        const result = answer(worker);
        worker.postMessage(next.value);
        onResult(await result);
      }
      worker.postMessage(null);
    } catch (error) {
      fail(error);
    } finally {
      await exited;
    }
  };

  try {
    await Promise.all(Array.from({ length: options.threads }, serve));
    signal?.throwIfAborted();
    // The compiler does not see that `fail` assigns `failure`.
    const cause = failure as Error | null;
    if (cause !== null) throw cause;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
