/** Tries and installs the trainer's backends, each in a process of its own. */
import { BACKEND_ORDER } from '../../trainer/messages.ts';
import type { BackendName, TrainerMessage } from '../../trainer/messages.ts';
import type { OnProgress } from '../datasets/types.ts';
import { runTrainer } from './host.ts';
import type { TrainerOptions } from './host.ts';

/**
 * Milliseconds that a cancelled process gets to end by itself; then it is killed. The time is short,
 * because such a process has no training to save.
 */
const GRACE_MS = 1000;

export interface BackendReport {
  readonly backend: BackendName;
  readonly works: boolean;
  /** The device's name, or null if the backend does not work. */
  readonly device: string | null;
  /** One sentence: what the device is, or why the backend does not work. */
  readonly why: string;
}

/** Tries one backend with a tiny training step. If native code crashes, the report says so. */
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

/** Tries all backends one after the other, in the order in which a training tries them. */
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
 * Installs the native parts of a backend, or returns at once if they are installed.
 * @returns null if the backend is ready, or one sentence that says why it is not
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
