/** Prepares a backend on this machine: adds the parts that the installed packages lack. */
import type { BackendName } from '../messages.ts';
import type { Report } from './progress.ts';
import { setUpTensorflow } from './tensorflow.ts';

export type { Report } from './progress.ts';

/**
 * Fetches and builds the parts that `backend` lacks here. Only `tensorflow` needs any.
 * @throws Error whose message is one sentence
 */
export async function setUp(
  backend: BackendName,
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  if (backend === 'tensorflow') await setUpTensorflow(report, signal);
}
