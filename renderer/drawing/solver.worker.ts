/** Solves scribbles off the interface's thread. See `scribble.ts`. */
import { solve } from './random-walk.ts';
import type { Problem } from './scribble.ts';

export interface ToSolver {
  readonly id: number;
  readonly problem: Problem;
}

export interface FromSolver {
  readonly id: number;
  readonly change: Float32Array;
}

self.addEventListener('message', ({ data }: MessageEvent<ToSolver>) => {
  const change = solve(data.problem);
  const answer: FromSolver = { id: data.id, change };
  self.postMessage(answer, { transfer: [change.buffer as ArrayBuffer] });
});
