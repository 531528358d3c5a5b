/**
 * Checkpoints: the data that a training needs to go on after a stop. After every epoch, both networks,
 * both optimisers and the state are written to one file of the run folder,
 * `checkpoint.<epoch>.safetensors`. The newest files are kept, and their weights are averaged at the end.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { checkpointEpoch, checkpointFile } from '../models/run-files.ts';
import { readTensors, writeTensors } from '../models/safetensors.ts';
import type { Weights } from '../models/weights.ts';

/** The state of a training, without the arrays of networks and optimisers. */
export const TrainingState = z.object({
  epoch: z.number().int().nonnegative(),
  /** The last epoch of the warm-up (0 without a warm-up), or null before the QAM joins. */
  warmUpEnded: z.number().int().nonnegative().nullable(),
  /** The best validation dice so far and its epoch, for early stopping; null if there is none yet. */
  best: z.object({ epoch: z.number().int(), dice: z.number() }).nullable(),
  /** The running means and spreads of the losses, from `References.state()`; empty in earlier versions. */
  references: z.array(z.number()).default([]),
});
export type TrainingState = z.infer<typeof TrainingState>;

export interface Checkpoint {
  readonly state: TrainingState;
  readonly segmenter: Weights;
  readonly qam: Weights;
  readonly segmenterAdam: Weights;
  readonly qamAdam: Weights;
}

const PARTS = ['segmenter', 'qam', 'segmenterAdam', 'qamAdam'] as const;

const pathOf = (folder: string, epoch: number): string => join(folder, checkpointFile(epoch));

/** Writes the checkpoint's file atomically, then deletes all but the newest `keep` checkpoints. */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  keep: number,
): Promise<void> {
  const arrays: Weights = new Map();
  for (const part of PARTS) {
    for (const [name, values] of checkpoint[part]) arrays.set(`${part}:${name}`, values);
  }
  await writeTensors(pathOf(folder, checkpoint.state.epoch), {
    arrays,
    metadata: { state: JSON.stringify(checkpoint.state) },
  });
  const epochs = await checkpointEpochs(folder);
  for (const epoch of epochs.slice(0, -keep)) await rm(pathOf(folder, epoch), { force: true });
}

/** Epochs with a checkpoint, ascending. */
export async function checkpointEpochs(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => checkpointEpoch(name) ?? []).sort((a, b) => a - b);
}

export async function checkpointFiles(folder: string): Promise<string[]> {
  return (await checkpointEpochs(folder)).map((epoch) => pathOf(folder, epoch));
}

/** @throws Error in one sentence when the checkpoint cannot be read. */
export async function loadCheckpoint(folder: string, epoch: number): Promise<Checkpoint> {
  const { arrays, metadata } = await readTensors(pathOf(folder, epoch));
  const part = (prefix: (typeof PARTS)[number]): Weights =>
    new Map(
      [...arrays].flatMap(([name, values]): [string, Float32Array][] =>
        name.startsWith(`${prefix}:`) ? [[name.slice(prefix.length + 1), values]] : [],
      ),
    );
  return {
    state: TrainingState.parse(JSON.parse(metadata['state'])),
    segmenter: part('segmenter'),
    qam: part('qam'),
    segmenterAdam: part('segmenterAdam'),
    qamAdam: part('qamAdam'),
  };
}

/** The newest checkpoint that can be read, or null if there is none. Deletes newer, damaged ones. */
export async function lastCheckpoint(folder: string): Promise<Checkpoint | null> {
  const epochs = await checkpointEpochs(folder);
  for (const epoch of epochs.reverse()) {
    try {
      return await loadCheckpoint(folder, epoch);
    } catch {
      await rm(pathOf(folder, epoch), { force: true });
    }
  }
  return null;
}
