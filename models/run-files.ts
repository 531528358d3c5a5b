/** The files of a run folder, by what is in them: the trainer writes most, the audit reads all. */
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
  /** Both networks, averaged: where a later training starts from. */
  weights: 'weights.safetensors',
  /** Which case fell into which fold. */
  folds: 'folds.json',
  /** The figures; written last, so that a folder that has it is complete. */
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
 * The folder of a fold, which is trained in it like a run of its own.
 * @param fold from 1; undefined for the run's own folder
 */
export function foldFolder(runFolder: string, fold: number | undefined): string {
  return fold === undefined ? runFolder : join(runFolder, `fold-${fold}`);
}
