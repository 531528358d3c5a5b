/** A worker thread that makes some of a dataset's phantoms and reports each one. */
import { parentPort, workerData } from 'node:worker_threads';
import { writePhantomCase } from './work.ts';
import type { PhantomWork } from './work.ts';
import type { TruthError } from '../damage/truth.ts';

export interface WorkerInput {
  readonly work: PhantomWork;
  readonly indices: readonly number[];
}

/** The message of the thread after each case. */
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
