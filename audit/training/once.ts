/** One training in one folder: what is there already is not done again. */
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Interrupted, UserError } from '../errors.ts';
import type { BackendName, TrainConfig, TrainerMessage } from '../../trainer/messages.ts';
import { startTrainer } from './host.ts';
import type { TrainerOutcome, TrainerProcess } from './host.ts';
import { RUN_FILES, checkpointEpoch } from '../../models/run-files.ts';

/** What may be done with a trainer at work, beside cancelling it by the signal. */
export type TrainerControls = Pick<TrainerProcess, 'pause' | 'resume'>;

export interface TrainingRequest {
  readonly runId: string;
  readonly folder: string;
  readonly sampleSet: string;
  readonly config: TrainConfig;
  /** Folder whose weights come first; null starts from scratch. */
  readonly startFrom: string | null;
  readonly backend: BackendName | null;
  readonly signal?: AbortSignal;
  readonly onMessage?: (message: TrainerMessage) => void;
  /** Called when the trainer has started: who wants to pause it holds on to it. */
  readonly onTrainer?: (trainer: TrainerControls) => void;
}

/** Whether a folder holds weights that a training can go on from. */
export async function hasCheckpoint(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => checkpointEpoch(name) !== null);
}

/** Whether the training in `folder` came to its end and was exported. */
export function isTrained(folder: string, qam: boolean): boolean {
  const needed = [RUN_FILES.summary, RUN_FILES.segmenter, ...(qam ? [RUN_FILES.qam] : [])];
  return needed.every((name) => existsSync(join(folder, name)));
}

function toSummary(outcome: TrainerOutcome): Record<string, unknown> {
  switch (outcome.kind) {
    case 'done':
      return outcome.summary;
    case 'cancelled':
      throw new DOMException('The training was cancelled.', 'AbortError');
    case 'failed':
      throw new UserError(outcome.message);
    case 'crashed':
      throw new Interrupted(`${outcome.message} What it reached is kept: resume it.`);
  }
}

/**
 * Trains, or goes on with a training that stopped, and returns the figures it ended with (null when
 * it was done before).
 * @throws UserError when the trainer fails, Interrupted when it crashed, AbortError when cancelled.
 */
export async function trainOnce(job: TrainingRequest): Promise<Record<string, unknown> | null> {
  if (isTrained(job.folder, job.config.qam)) return null;
  await mkdir(job.folder, { recursive: true });
  const trainer = startTrainer(
    {
      type: 'train',
      runId: job.runId,
      sampleSet: job.sampleSet,
      runFolder: job.folder,
      config: job.config,
      resume: await hasCheckpoint(job.folder),
      startFrom: job.startFrom,
      backend: job.backend,
    },
    {
      ...(job.signal && { signal: job.signal }),
      ...(job.onMessage && { onMessage: job.onMessage }),
    },
  );
  job.onTrainer?.(trainer);
  return toSummary(await trainer.outcome);
}
