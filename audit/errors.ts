/**
 * An error a person can act on: one sentence that says which file, what is wrong and what to do.
 * Everything else that is thrown is a defect and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Work that stopped without an end, by a crash: what it reached is kept and can be gone on with. */
export class Interrupted extends UserError {}

/** Wrong usage of a command (exit code 2). */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
