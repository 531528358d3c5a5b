/** Asks the worker to solve scribbles. It starts with the first problem. */
import { solve } from './random-walk.ts';
import type { Problem } from './scribble.ts';
import type { FromSolver, ToSolver } from './solver.worker.ts';

interface Waiting {
  readonly resolve: (change: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

let worker: Worker | null = null;
let next = 1;
const waiting = new Map<number, Waiting>();

function start(): Worker {
  const started = new Worker(new URL('./solver.worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<FromSolver>) => {
    waiting.get(data.id)?.resolve(data.change);
    waiting.delete(data.id);
  });
  started.addEventListener('error', (event) => {
    event.preventDefault();
    for (const { reject } of waiting.values()) {
      reject(new Error('The part of Overread that solves scribbles stopped: reload the window.'));
    }
    waiting.clear();
  });
  return started;
}

/** By how much each node changes; see `solve`. Without workers (in a test) it is solved at once. */
export function solveAside(problem: Problem): Promise<Float32Array> {
  if (typeof Worker === 'undefined') return Promise.resolve(solve(problem));
  worker ??= start();
  const asked: ToSolver = { id: next, problem };
  next += 1;
  return new Promise((resolve, reject) => {
    waiting.set(asked.id, { resolve, reject });
    worker?.postMessage(asked);
  });
}
