/** Runs one training in one folder; resumes a training that an earlier call left unfinished there. */
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Interrupted, UserError } from '../errors.ts';
import type { BackendName, TrainConfig, TrainerMessage } from '../../trainer/messages.ts';
import { startTrainer } from './host.ts';
import { readJson } from './json.ts';
import type { TrainerOutcome, TrainerProcess } from './host.ts';
import { RUN_FILES, checkpointEpoch } from '../../models/run-files.ts';

/** Pauses and resumes a trainer. `TrainingRequest.signal` cancels it. */
export type TrainerControls = Pick<TrainerProcess, 'pause' | 'resume'>;

export interface TrainingRequest {
  readonly runId: string;
  /** Folder that the training writes its weights and figures to. */
  readonly folder: string;
  /** Path of the sample set. */
  readonly sampleSet: string;
  readonly config: TrainConfig;
  /** Folder of another run to take the first weights from, or null for random weights. */
  readonly startFrom: string | null;
  /** Name of the backend; null takes the first one that works. */
  readonly backend: BackendName | null;
  readonly signal?: AbortSignal;
  readonly onMessage?: (message: TrainerMessage) => void;
  /** Called when the trainer has started. */
  readonly onTrainer?: (trainer: TrainerControls) => void;
}

/** Whether a folder holds weights that a training can resume from. */
export async function hasCheckpoint(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => checkpointEpoch(name) !== null);
}

/** Whether the training in `folder` finished and exported its networks, with `qam` also a QAM. */
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
      throw new Interrupted(`${outcome.message} The epochs so far are kept: resume the training.`);
  }
}

/**
 * Trains, or resumes a training that stopped. Does nothing if an earlier call finished the training.
 * @returns the figures of the training
 * @throws UserError when the trainer fails; Interrupted when it crashes; AbortError when cancelled
 */
export async function trainOnce(job: TrainingRequest): Promise<Record<string, unknown>> {
  if (isTrained(job.folder, job.config.qam)) {
    return z
      .record(z.string(), z.unknown())
      .parse(await readJson(join(job.folder, RUN_FILES.summary)));
  }
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
