/** Prepares a backend on this machine: what it needs beyond the installed packages. */
import type { BackendName } from '../messages.ts';
import type { Report } from './progress.ts';
import { setUpTensorflow } from './tensorflow.ts';

export type { Report } from './progress.ts';

/**
 * Fetches and builds what `backend` lacks here. Only `tensorflow` needs anything.
 * @throws Error in one sentence
 */
export async function setUp(
  backend: BackendName,
  report: Report,
  signal?: AbortSignal,
): Promise<void> {
  if (backend === 'tensorflow') await setUpTensorflow(report, signal);
}
