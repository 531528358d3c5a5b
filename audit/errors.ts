import type { ErrorCode } from './contract/errors.ts';

/** What ends a line, turns its direction or is no letter. */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;
const LONG_WORD = /\S{300,}/gu;
const LONG_QUOTE = /“[^”]{100,}”/gu;

/** One line that can be shown, whatever it quotes of a file: unshown letters and endless words cut. */
export function oneLine(text: string): string {
  return text
    .replace(UNSHOWN, ' ')
    .replace(LONG_WORD, (word) => `${word.slice(0, 100)}…${word.slice(-100)}`)
    .replace(LONG_QUOTE, (quote) => `${quote.slice(0, 80)}…”`);
}

/**
 * An error a person can act on: one sentence that says which file, what is wrong and what to do.
 * Everything else that is thrown is a defect and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;

  /** @param options.code what kind of error it is; `failed` where no other says more */
  constructor(message: string, options: ErrorOptions & { code?: ErrorCode } = {}) {
    const { code = 'failed', ...others } = options;
    super(oneLine(message), others);
    this.code = code;
  }
}

/** Work that stopped without an end, by a crash: what it reached is kept and can be gone on with. */
export class Interrupted extends UserError {}

/** Wrong usage of a command (exit code 2). */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: ErrorCode = 'usage';
}
