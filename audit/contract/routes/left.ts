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
  /** Number of judged labels that people called wrong, by any verdict but accepted. */
  errors: Count,
  /**
   * The number of errors among these labels that is expected from the verdicts of people who saw the
   * ranking. Null while there are too few verdicts of these people, or on blind checks of this kind.
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
  /** Number of labels whose verdicts the estimate uses. They have a score and are not just flagged. */
  judged: Count,
  /** Number of the `judged` labels in which an error was found (`isErrorFound`). */
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
   * Errors that are left after the next `labels` labels by rank are reviewed, for several values of
   * `labels` from 0 to all ranked labels without a verdict; empty if `left` is null.
   */
  ahead: z.array(Guess.extend({ labels: Count })),
  /** The fewest verdicts on one kind of blind check that allow a comparison. */
  checksNeeded: Count,
  /** Blind checks on random labels further down the ranking. They show the errors that it overlooks. */
  random: BlindCheck,
  /** Blind checks on labels at their own place by rank. They show how far the ranking sways people. */
  ranked: BlindCheck,
});
export type Left = z.infer<typeof Left>;

export const LeftResult = z.object({
  /** The estimate, or null while nothing was scored. */
  left: Left.nullable(),
});
