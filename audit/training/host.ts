/**
 * Hosts the trainer: starts its process, checks the messages in both directions, and reports one outcome
 * however the process ends. A crash of native code ends only the trainer's process.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import { crashSentence } from '../processes/crash.ts';
import { forkHost } from '../processes/fork.ts';
import { processHost } from '../processes/host.ts';
import type { RunningProgram } from '../processes/host.ts';
import { TrainerControl, TrainerJob, TrainerMessage } from '../../trainer/messages.ts';

/** How a trainer process ended. */
export type TrainerOutcome =
  | { readonly kind: 'done'; readonly summary: Record<string, unknown> }
  | { readonly kind: 'cancelled'; readonly epoch: number }
  /** The trainer reported a failure; its message is one sentence that says what is wrong. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The process ended without a last message: killed, out of memory, or a native crash. */
  | { readonly kind: 'crashed'; readonly message: string };

export interface TrainerOptions {
  readonly onMessage?: (message: TrainerMessage) => void;
  /** Cancels the training: the trainer has `graceMs` milliseconds to end by itself, then it is killed. */
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
  /** Path of another program with the same messages. Default: the built trainer. */
  readonly entry?: string;
}

/** A trainer that runs. */
export interface TrainerProcess {
  /** The id of the process; −1 before it has started. */
  readonly pid: number;
  /** Settles once, when the process has ended; never rejects. */
  readonly outcome: Promise<TrainerOutcome>;
  pause(): void;
  resume(): void;
  cancel(): void;
  /** Ends the process at once. */
  kill(): void;
}

const GRACE_MS = 30_000;
/** Milliseconds that a trainer has to end after its last message; then it is killed, as it may hang. */
const FAREWELL_MS = 5_000;

/**
 * Path of the built trainer, whether this file runs from `dist/` or from the sources.
 * @throws UserError when the trainer is not built
 */
export function trainerEntry(): string {
  const built = import.meta.url.endsWith('.ts')
    ? new URL('../../dist/trainer/main.js', import.meta.url)
    : new URL('../../trainer/main.js', import.meta.url);
  const path = fileURLToPath(built);
  if (!existsSync(path)) {
    throw new UserError(`The trainer is missing at ${path}: run "npm run build" first.`, {
      code: 'missing-build',
    });
  }
  return path;
}

/**
 * Starts a trainer on one job.
 * @throws UserError when the trainer is not built; ZodError when the job is invalid
 */
export function startTrainer(job: TrainerJob, options: TrainerOptions = {}): TrainerProcess {
  const checked = TrainerJob.parse(job);
  const entry = options.entry ?? trainerEntry();
  let last: TrainerOutcome | null = null;
  let timer: NodeJS.Timeout | undefined;
  let settle: (outcome: TrainerOutcome) => void;
  const outcome = new Promise<TrainerOutcome>((resolve) => (settle = resolve));

  const kill = (): void => program.kill();
  const killAfter = (milliseconds: number): void => {
    timer ??= setTimeout(kill, milliseconds);
    timer.unref();
  };
  const end = (how: TrainerOutcome): void => {
    last ??= how;
    clearTimeout(timer);
    timer = undefined;
    killAfter(Math.min(FAREWELL_MS, options.graceMs ?? GRACE_MS));
  };
  const tell = (message: TrainerControl): void => program.send(TrainerControl.parse(message));
  const cancel = (): void => {
    tell({ type: 'cancel' });
    killAfter(options.graceMs ?? GRACE_MS);
  };

  const program: RunningProgram = processHost(forkHost).start('trainer', entry, {
    onMessage: (raw) => {
      const parsed = TrainerMessage.safeParse(raw);
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
        end({
          kind: 'failed',
          message: `The trainer sent a message that cannot be understood${where}.`,
        });
        kill();
        return;
      }
      const message = parsed.data;
      if (message.type === 'done') end({ kind: 'done', summary: message.summary });
      else if (message.type === 'probed') end({ kind: 'done', summary: { ...message } });
      else if (message.type === 'failed') end({ kind: 'failed', message: message.message });
      else if (message.type === 'cancelled') end({ kind: 'cancelled', epoch: message.epoch });
      options.onMessage?.(message);
    },
    onExit: (exit) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', cancel);
      const isCancelled = options.signal?.aborted === true;
      const silent: TrainerOutcome = isCancelled
        ? { kind: 'cancelled', epoch: 0 }
        : { kind: 'crashed', message: crashSentence('The trainer', exit) };
      settle(last ?? silent);
    },
  });

  if (options.signal?.aborted === true) cancel();
  else options.signal?.addEventListener('abort', cancel, { once: true });
  program.send(checked);

  return {
    get pid() {
      return program.pid;
    },
    outcome,
    cancel,
    kill,
    pause: () => tell({ type: 'pause' }),
    resume: () => tell({ type: 'resume' }),
  };
}

/** Starts a trainer and waits for its end. */
export function runTrainer(job: TrainerJob, options: TrainerOptions = {}): Promise<TrainerOutcome> {
  return startTrainer(job, options).outcome;
}
