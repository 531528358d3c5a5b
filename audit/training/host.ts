/**
 * Hosts the trainer: forks its process, checks every message in both directions and turns the end
 * of the process, however it comes, into one outcome. A crash of native code ends the child alone.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '../errors.ts';
import { TrainerControl, TrainerJob, TrainerMessage } from '../../trainer/messages.ts';

/** How a trainer process ended. */
export type TrainerOutcome =
  | { readonly kind: 'done'; readonly summary: Record<string, unknown> }
  | { readonly kind: 'cancelled'; readonly epoch: number }
  /** The trainer said what is wrong: one sentence. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The process ended without a word: killed, out of memory, or a native crash. */
  | { readonly kind: 'crashed'; readonly message: string };

export interface TrainerOptions {
  readonly onMessage?: (message: TrainerMessage) => void;
  /** Cancels: the trainer is asked first, and killed when it has not ended after `graceMs`. */
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
  /** Another program that speaks the same messages, instead of the built trainer. */
  readonly entry?: string;
}

/** A trainer at work. */
export interface TrainerProcess {
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
/** After its last word a trainer that hangs (a native thread that does not end) is killed. */
const FAREWELL_MS = 5_000;
const TAIL = 4_000;

/** The built trainer, seen from `dist/` as well as from the sources. */
export function trainerEntry(): string {
  const built = import.meta.url.endsWith('.ts')
    ? new URL('../../dist/trainer/main.js', import.meta.url)
    : new URL('../../trainer/main.js', import.meta.url);
  const path = fileURLToPath(built);
  if (!existsSync(path)) {
    throw new UserError(`The trainer is missing at ${path}: run "npm run build" first.`);
  }
  return path;
}

/** The last line of what a process wrote that says something, for the sentence about its crash. */
function lastLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('at ')).at(-1) ?? '';
}

function crashed(code: number | null, signal: NodeJS.Signals | null, tail: string): TrainerOutcome {
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  const hint = signal === 'SIGKILL' ? ' (killed, or out of memory)' : '';
  const said = lastLine(tail);
  const quote = said === '' ? '' : `; its last words: ${said.slice(0, 300)}`;
  return { kind: 'crashed', message: `The trainer ended unexpectedly ${how}${hint}${quote}.` };
}

function send(child: ChildProcess, message: TrainerJob | TrainerControl): void {
  // The channel may close at any moment; the end of the process tells the story then.
  if (child.connected) child.send(message, () => undefined);
}

/**
 * Starts a trainer on one job. The child leaves the terminal's process group, so that Ctrl-C
 * reaches this process alone and the cancel is clean; it exits by itself when its channel closes
 * (this process was killed), and is killed when this process exits.
 * @throws UserError when the trainer is not built; ZodError when the job is not one.
 */
export function startTrainer(job: TrainerJob, options: TrainerOptions = {}): TrainerProcess {
  const checked = TrainerJob.parse(job);
  const child = fork(options.entry ?? trainerEntry(), [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
    execArgv: ['--enable-source-maps'],
    env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...process.env },
  });
  let last: TrainerOutcome | null = null;
  let tail = '';
  let timer: NodeJS.Timeout | undefined;

  const kill = (): void => void child.kill('SIGKILL');
  const killAfter = (milliseconds: number): void => {
    timer ??= setTimeout(kill, milliseconds);
    timer.unref();
  };
  const end = (outcome: TrainerOutcome): void => {
    last ??= outcome;
    clearTimeout(timer);
    timer = undefined;
    killAfter(Math.min(FAREWELL_MS, options.graceMs ?? GRACE_MS));
  };
  const cancel = (): void => {
    send(child, TrainerControl.parse({ type: 'cancel' }));
    killAfter(options.graceMs ?? GRACE_MS);
  };

  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);

  child.on('message', (raw) => {
    const parsed = TrainerMessage.safeParse(raw);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
      end({ kind: 'failed', message: `The trainer sent a message that is not one${where}.` });
      kill();
      return;
    }
    const message = parsed.data;
    if (message.type === 'done') end({ kind: 'done', summary: message.summary });
    else if (message.type === 'probed') end({ kind: 'done', summary: { ...message } });
    else if (message.type === 'failed') end({ kind: 'failed', message: message.message });
    else if (message.type === 'cancelled') end({ kind: 'cancelled', epoch: message.epoch });
    options.onMessage?.(message);
  });

  process.once('exit', kill);
  const outcome = new Promise<TrainerOutcome>((resolve) => {
    const settle = (result: TrainerOutcome): void => {
      clearTimeout(timer);
      process.removeListener('exit', kill);
      options.signal?.removeEventListener('abort', cancel);
      resolve(result);
    };
    child.once('error', (error) => {
      settle({ kind: 'crashed', message: `The trainer could not be started: ${error.message}.` });
    });
    child.once('close', (code, signal) => {
      const asked = options.signal?.aborted === true;
      settle(last ?? (asked ? { kind: 'cancelled', epoch: 0 } : crashed(code, signal, tail)));
    });
  });

  if (options.signal?.aborted === true) cancel();
  else options.signal?.addEventListener('abort', cancel, { once: true });
  send(child, checked);

  return {
    pid: child.pid ?? -1,
    outcome,
    cancel,
    kill,
    pause: () => send(child, { type: 'pause' }),
    resume: () => send(child, { type: 'resume' }),
  };
}

/** Starts a trainer and waits for its end. */
export function runTrainer(job: TrainerJob, options: TrainerOptions = {}): Promise<TrainerOutcome> {
  return startTrainer(job, options).outcome;
}
