/**
 * The names of the files of a run folder, by their content. The trainer writes most; the audit reads all.
 */
import { join } from 'node:path';

export const RUN_FILES = {
  /** The images and labels that were trained on. */
  samples: 'samples.ovrset',
  /** One `EpochMetrics` a line. */
  metrics: 'metrics.jsonl',
  /** One `EpochScores` a line. */
  scores: 'scores.jsonl',
  segmenter: 'segmenter.onnx',
  qam: 'qam.onnx',
  /** The averaged weights of both networks, from which a later training can start. */
  weights: 'weights.safetensors',
  /** The ids of the cases of each fold. */
  folds: 'folds.json',
  /** The ids of the cases that the networks did not learn from (`HeldOut`). */
  heldOut: 'held-out.json',
  /** The figures of the training. It is written last: a folder with this file is complete. */
  summary: 'run.json',
} as const;

const CHECKPOINT = /^checkpoint\.(\d+)\.safetensors$/;

export const checkpointFile = (epoch: number): string =>
  `checkpoint.${String(epoch).padStart(5, '0')}.safetensors`;

/** The epoch of a checkpoint's file, or null if the file is no checkpoint. */
export function checkpointEpoch(file: string): number | null {
  const found = CHECKPOINT.exec(file);
  return found ? Number(found[1]) : null;
}

/**
 * The folder of a fold, in which the fold is trained like a run.
 * @param fold from 1; undefined gives the run's own folder
 */
export function foldFolder(runFolder: string, fold: number | undefined): string {
  return fold === undefined ? runFolder : join(runFolder, `fold-${fold}`);
}

/**
 * The folder of a pair of networks (a segmenter and a QAM), in which the pair is trained like a run. The first
 * pair lies in the run's own folder.
 * @param pair from 1
 */
export function pairFolder(runFolder: string, pair: number): string {
  return pair === 1 ? runFolder : join(runFolder, `pair-${pair}`);
}
