/** What the route about the errors that are left gives. */
import { z } from 'zod';

const Count = z.number().int().nonnegative();

/** An estimated number of errors. */
export const Guess = z.object({
  expected: z.number(),
  /** Ends of the interval that holds the number with a probability of 90 %. */
  low: Count,
  high: Count,
});
export type Guess = z.infer<typeof Guess>;

/** The verdicts of one kind of blind check. */
export const BlindCheck = z.object({
  /** Labels judged. */
  labels: Count,
  /** Errors among them. */
  errors: Count,
  /** Errors expected by the verdicts with the ranking in sight, or null while either are too few. */
  expected: Guess.nullable(),
});
export type BlindCheck = z.infer<typeof BlindCheck>;

/** An estimate of the errors among the labels without a verdict. */
export const Left = z.object({
  /** The model whose scores the estimate uses. */
  model: z.string(),
  /** Errors found in all labels (`isErrorFound`). */
  found: Count,
  /** Labels whose verdicts the estimate uses. */
  judged: Count,
  /** Errors among them. */
  errors: Count,
  /** Labels without a verdict. */
  open: Count,
  /** The fewest verdicts that allow an estimate. */
  needed: Count,
  /** Errors among the open labels, or null while too few are judged. */
  left: Guess.nullable(),
  /** Errors among the next labels by rank, or null as `left`. */
  next: z.object({ labels: Count, expected: z.number() }).nullable(),
  /** Errors left after so many more labels by rank, from none to all; empty if `left` is null. */
  ahead: z.array(Guess.extend({ labels: Count })),
  /** The fewest verdicts of either kind of blind check that allow a comparison. */
  checksNeeded: Count,
  /** Labels from anywhere in the rest of the ranking: errors that the ranking overlooks. */
  random: BlindCheck,
  /** Labels at their own rank: how far the ranking sways the reader. */
  ranked: BlindCheck,
});
export type Left = z.infer<typeof Left>;

export const LeftResult = z.object({
  /** Null while nothing was scored. */
  left: Left.nullable(),
});
