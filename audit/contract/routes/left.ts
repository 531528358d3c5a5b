/** Response of the route about the errors that are left. */
import { z } from 'zod';

const Count = z.number().int().nonnegative();

/** An estimated number of errors. */
export const Guess = z.object({
  expected: z.number(),
  /** `low` and `high` are the ends of an interval that holds the number with a probability of 90 %. */
  low: Count,
  high: Count,
});
export type Guess = z.infer<typeof Guess>;

/** Counts of the verdicts on blind checks of one kind. */
export const BlindCheck = z.object({
  /** Number of labels that were judged. */
  labels: Count,
  /** Number of judged labels that are errors. */
  errors: Count,
  /**
   * Number of errors among these labels that verdicts with the ranking in sight predict, or null while
   * there are too few verdicts, blind or in sight of the ranking.
   */
  expected: Guess.nullable(),
});
export type BlindCheck = z.infer<typeof BlindCheck>;

/** An estimate of the errors among the labels without a verdict. */
export const Left = z.object({
  /** The model whose scores the estimate uses. */
  model: z.string(),
  /** Errors found in all labels (`isErrorFound`). */
  found: Count,
  /** Number of labels whose verdicts the estimate uses. */
  judged: Count,
  /** Number of those labels that are errors. */
  errors: Count,
  /** Number of labels without a verdict. */
  open: Count,
  /** The fewest verdicts that allow an estimate. */
  needed: Count,
  /** Errors among the labels without a verdict, or null while too few labels are judged. */
  left: Guess.nullable(),
  /** Errors among the next `labels` labels by rank, or null if `left` is null. */
  next: z.object({ labels: Count, expected: z.number() }).nullable(),
  /**
   * Errors that are left after the next `labels` labels by rank were reviewed, for several numbers from
   * none to all; empty if `left` is null.
   */
  ahead: z.array(Guess.extend({ labels: Count })),
  /** The fewest verdicts on one kind of blind check that allow a comparison. */
  checksNeeded: Count,
  /** Labels from anywhere in the rest of the ranking; they show errors that the ranking overlooks. */
  random: BlindCheck,
  /** Labels that keep their place by rank; they show how far the ranking sways the reader. */
  ranked: BlindCheck,
});
export type Left = z.infer<typeof Left>;

export const LeftResult = z.object({
  /** The estimate, or null while nothing was scored. */
  left: Left.nullable(),
});
