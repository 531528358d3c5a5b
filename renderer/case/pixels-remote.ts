/** Loads pixels in a worker, so that decoding does not block the interface. */
import { ApiFailure } from '../../audit/contract/client.ts';
import type { LoadPixels, PixelsReady } from './pixels.ts';
import type { FromWorker, ToWorker } from './pixels.worker.ts';

interface Waiting {
  readonly resolve: (ready: PixelsReady) => void;
  readonly reject: (error: unknown) => void;
}

/** Makes an error of the class that the worker threw, because a worker's message carries no class. */
function errorOf(failed: Extract<FromWorker, { type: 'failed' }>): Error {
  const { name, message, refused } = failed;
  if (refused) return new ApiFailure(refused.status, message, refused.code);
  if (name === 'AbortError') return new DOMException(message, name);
  return name === 'TypeError' ? new TypeError(message) : new Error(message);
}

function remotePixels(worker: Worker): LoadPixels {
  const waiting = new Map<number, Waiting>();
  let next = 1;
  const send = (message: ToWorker): void => worker.postMessage(message);
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.type === 'ready') asked?.resolve(data.ready);
    else asked?.reject(errorOf(data));
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    for (const { reject } of waiting.values()) {
      reject(new Error('The part of Overread that loads images stopped: reload the window.'));
    }
    waiting.clear();
  });
  return (wanted, signal) =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      signal.addEventListener('abort', () => send({ type: 'abort', id }), { once: true });
      send({ type: 'load', id, wanted });
    });
}

let window: LoadPixels | null = null;

/** A loader that uses this window's worker. The first call starts the worker: call it early. */
export function startPixels(): LoadPixels {
  window ??= remotePixels(
    new Worker(new URL('./pixels.worker.ts', import.meta.url), { type: 'module' }),
  );
  return window;
}

export const windowPixels: LoadPixels = (wanted, signal) => startPixels()(wanted, signal);
