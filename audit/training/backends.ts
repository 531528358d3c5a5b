/** What the trainer's backends can do here: each is tried, or set up, in a process of its own. */
import { BACKEND_ORDER } from '../../trainer/messages.ts';
import type { BackendName, TrainerMessage } from '../../trainer/messages.ts';
import type { OnProgress } from '../datasets/types.ts';
import { runTrainer } from './host.ts';
import type { TrainerOptions } from './host.ts';

/** Neither a probe nor a set-up has anything to finish when it is cancelled. */
const GRACE_MS = 1000;

export interface BackendReport {
  readonly backend: BackendName;
  readonly works: boolean;
  readonly device: string | null;
  /** Why it does not work, or what it is: one sentence. */
  readonly why: string;
}

/** Tries one backend with a real, tiny training step. A native crash is an answer, too. */
export async function probeBackend(
  backend: BackendName,
  options: TrainerOptions = {},
): Promise<BackendReport> {
  let report: BackendReport | null = null;
  const outcome = await runTrainer(
    { type: 'probe', backend },
    {
      graceMs: GRACE_MS,
      ...options,
      onMessage: (message) => {
        if (message.type === 'probed') report = message;
      },
    },
  );
  if (report !== null) return report;
  const why = outcome.kind === 'crashed' || outcome.kind === 'failed' ? outcome.message : '';
  return { backend, works: false, device: null, why: why === '' ? 'It did not answer.' : why };
}

/** Tries every backend, one after the other, in the order a training tries them. */
export async function probeBackends(
  options: TrainerOptions & { onReport?: (report: BackendReport) => void } = {},
): Promise<BackendReport[]> {
  const reports: BackendReport[] = [];
  for (const backend of BACKEND_ORDER) {
    if (options.signal?.aborted === true) break;
    const report = await probeBackend(backend, options);
    options.onReport?.(report);
    reports.push(report);
  }
  return reports;
}

/**
 * Provisions the native parts of a backend (idempotent: nothing to do is done at once).
 * @returns null when it is ready, or one sentence that says why it is not.
 */
export async function setUpBackend(
  backend: BackendName,
  options: {
    signal?: AbortSignal;
    onProgress?: OnProgress;
    onNotice?: (message: string) => void;
  } = {},
): Promise<string | null> {
  const onMessage = (message: TrainerMessage): void => {
    if (message.type === 'notice') options.onNotice?.(message.message);
    if (message.type !== 'progress') return;
    const { done, total } = message;
    options.onProgress?.({
      task: 'setup',
      message: message.message,
      done,
      total,
      secondsLeft: null,
    });
  };
  const outcome = await runTrainer(
    { type: 'setup', backend },
    { graceMs: GRACE_MS, onMessage, ...(options.signal && { signal: options.signal }) },
  );
  if (outcome.kind === 'done') return null;
  if (outcome.kind === 'cancelled') return 'The set-up was cancelled.';
  return outcome.message;
}
