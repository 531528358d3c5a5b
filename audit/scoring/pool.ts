/** Chunks of cases through a few worker threads: bounded, in any order, ended by any failure. */
import { Worker } from 'node:worker_threads';
import '../../models/onnx/quiet.ts';
import { UserError } from '../errors.ts';
import { threadEntry } from '../thread-entry.ts';
import type { CaseTask, ChunkResult, WorkerMessage, WorkerSetup } from './types.ts';

/** Resolves with what the worker answers; rejects when it fails or ends. */
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
 * Scores every chunk, `threads` at a time, and hands each result to `onResult` (synchronous, on
 * this thread). A chunk is taken from `chunks` only when a thread is free for it.
 * @throws the first failure, or AbortError; all threads have ended by then.
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
    // The first is the cause: ending the other threads makes theirs fail, too.
    if (!stopped) failure = error instanceof Error ? error : new Error(String(error));
    stop();
  };
  const serve = async (): Promise<void> => {
    let exited: Promise<void> | null = null;
    try {
      // The first chunk is taken before the thread starts: no more threads than chunks.
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
    // Assigned in `fail`, which the compiler does not follow.
    const cause = failure as Error | null;
    if (cause !== null) throw cause;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
