/** The files a training leaves in its run folder; a line of them is defined in `messages.ts`. */

export const RUN_FILES = {
  /** One `EpochMetrics` a line. */
  metrics: 'metrics.jsonl',
  /** One `EpochScores` a line. */
  scores: 'scores.jsonl',
  /** Both networks, averaged: where a later training starts from. */
  averaged: 'weights.safetensors',
  /** The figures; written last, so a folder that has it is complete. */
  summary: 'run.json',
} as const;
