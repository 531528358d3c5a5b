/**
 * The trainer's process: takes one job over its channel, reports progress, and ends. It also ends
 * when the process that started it is gone.
 */
import { openChannel } from './channel.ts';
import { TrainerControl, TrainerJob } from './messages.ts';
import type { TrainerMessage } from './messages.ts';
import { runTrainJob } from './job.ts';
import { tryBackend } from './probe.ts';
import { setUp } from './setup/index.ts';
import { TrainingCancelled } from './training.ts';

let paused: { release: () => void; over: Promise<void> } | null = null;
const cancel = new AbortController();

/** Called between two steps: lets waiting messages arrive, waits during a pause, throws when cancelled. */
async function gate(epoch: number): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (paused) {
    emit({ type: 'paused' });
    await paused.over;
    if (!cancel.signal.aborted) emit({ type: 'resumed' });
  }
  if (cancel.signal.aborted) throw new TrainingCancelled(epoch);
}

function control(message: TrainerControl): void {
  switch (message.type) {
    case 'cancel':
      cancel.abort();
      paused?.release();
      return;
    case 'pause': {
      if (paused) return;
      let release = (): void => undefined;
      const over = new Promise<void>((resolve) => {
        release = resolve;
      });
      paused = { release, over };
      return;
    }
    case 'resume':
      paused?.release();
      paused = null;
      return;
  }
}

function emit(message: TrainerMessage): void {
  channel.send(message);
}

async function perform(job: TrainerJob): Promise<TrainerMessage> {
  switch (job.type) {
    case 'train':
      return { type: 'done', summary: await runTrainJob(job, emit, { gate }) };
    case 'setup':
      await setUp(
        job.backend,
        (progress) => emit({ type: 'progress', ...progress }),
        cancel.signal,
      );
      return { type: 'done', summary: {} };
    case 'probe': {
      const probed = await tryBackend(job.backend);
      await channel.last({ type: 'probed', backend: job.backend, ...probed });
      return { type: 'done', summary: {} };
    }
  }
}

async function start(job: TrainerJob): Promise<void> {
  let end: TrainerMessage;
  try {
    end = await perform(job);
  } catch (error) {
    if (cancel.signal.aborted) {
      end = { type: 'cancelled', epoch: error instanceof TrainingCancelled ? error.epoch : 0 };
    } else {
      end = { type: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }
  await channel.last(end);
  process.exit(0);
}

let started = false;
const channel = openChannel((message) => {
  if (started) {
    control(TrainerControl.parse(message));
    return;
  }
  started = true;
  void start(TrainerJob.parse(message));
});
// Ctrl-C reaches the whole process group. This process ignores it: the one that started it decides.
process.on('SIGINT', () => undefined);
