/** Errors whose message is a sentence for a person. */
import type { ErrorCode } from './contract/errors.ts';

/** Control characters, line ends and marks that change the direction of text. */
const UNSHOWN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;
const LONG_WORD = /\S{300,}/gu;
const LONG_QUOTE = /“[^”]{100,}”/gu;

/** Makes a text safe to show as one line: replaces control characters, cuts long words and quotes. */
export function oneLine(text: string): string {
  return text
    .replace(UNSHOWN, ' ')
    .replace(LONG_WORD, (word) => `${word.slice(0, 100)}…${word.slice(-100)}`)
    .replace(LONG_QUOTE, (quote) => `${quote.slice(0, 80)}…”`);
}

/**
 * An error that a person can mend: one sentence that says which file, what is wrong and what to do.
 * Any other error is a defect; the log keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;

  /** @param options.code default: `failed` */
  constructor(message: string, options: ErrorOptions & { code?: ErrorCode } = {}) {
    const { code = 'failed', ...others } = options;
    super(oneLine(message), others);
    this.code = code;
  }
}

/** A crash stopped the work. Its results so far are kept, and it can be resumed. */
export class Interrupted extends UserError {}

/** A command was used wrongly (exit code 2). */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code: ErrorCode = 'usage';
}
