/** The files a training leaves in its run folder, and what a line of them says. */
import { z } from 'zod';

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

/** What an epoch thought of every case, in the sample set's order; null where it had no say. */
export const EpochScores = z.object({
  epoch: z.number().int(),
  /** True for the last line: by the averaged networks that are exported. */
  averaged: z.boolean(),
  /** The QAM's score; null before it joined and for test cases. */
  scores: z.array(z.number().nullable()).nullable(),
  /** Plain dice loss while training; null for a case the epoch left over. */
  losses: z.array(z.number().nullable()),
  /** Weight in its batch times the batch size. */
  weights: z.array(z.number().nullable()),
});
export type EpochScores = z.infer<typeof EpochScores>;
