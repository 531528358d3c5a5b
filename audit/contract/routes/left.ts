/** How many errors are left, and what the blind checks say: what its route gives. */
import { z } from 'zod';

const Count = z.number().int().nonnegative();

/** A number of errors that is not known: its expectation, and an interval that holds it with 90 %. */
export const Guess = z.object({ expected: z.number(), low: Count, high: Count });
export type Guess = z.infer<typeof Guess>;

/** Labels judged blind, against what the verdicts with the ranking in sight make one expect of them. */
export const BlindCheck = z.object({
  labels: Count,
  errors: Count,
  /** Null while there are too few of either to compare. */
  expected: Guess.nullable(),
});
export type BlindCheck = z.infer<typeof BlindCheck>;

export const Left = z.object({
  /** The model whose scores it rests on. */
  model: z.string(),
  /** Errors found so far, in all labels (`isErrorFound`). */
  found: Count,
  /** Labels whose verdict it rests on, and how many of these are errors. */
  judged: Count,
  errors: Count,
  /** Labels without a verdict. */
  open: Count,
  /** Verdicts that it takes to estimate anything. */
  needed: Count,
  /** Errors among the open labels; null while too few are judged. */
  left: Guess.nullable(),
  /** Errors to be expected among the next labels by rank. */
  next: z.object({ labels: Count, expected: z.number() }).nullable(),
  /** What would be left after so many more labels by rank, from none to all. */
  ahead: z.array(Guess.extend({ labels: Count })),
  /** Of each kind of blind check, the verdicts it takes to compare them. */
  checksNeeded: Count,
  random: BlindCheck,
  ranked: BlindCheck,
});
export type Left = z.infer<typeof Left>;

/** Null while nothing was scored. */
export const LeftResult = z.object({ left: Left.nullable() });
