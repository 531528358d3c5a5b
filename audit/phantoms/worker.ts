/** A thread that makes phantoms: is given a share of the cases, tells of each when it is done. */
import { parentPort, workerData } from 'node:worker_threads';
import { writePhantomCase } from './work.ts';
import type { PhantomWork } from './work.ts';
import type { TruthError } from '../damage/truth.ts';

export interface WorkerInput {
  readonly work: PhantomWork;
  readonly indices: readonly number[];
}

/** What a thread says after each case. */
export interface WorkerReport {
  readonly index: number;
  readonly errors: TruthError[];
}

if (parentPort !== null) {
  const { work, indices } = workerData as WorkerInput;
  for (const index of indices) {
    const report: WorkerReport = { index, errors: await writePhantomCase(work, index) };
    parentPort.postMessage(report);
  }
}
