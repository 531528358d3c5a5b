/** Sentences about the errors that are left, for the window and the command line. Pure. */
import type { BlindCheck, Guess, Left } from './api.ts';
import { counted, integer, plural } from './words.ts';

/** `9`, `120`, `4,300`: two significant digits. */
export function rounded(value: number): string {
  const whole = Math.round(value);
  const unit = 10 ** Math.max(0, String(whole).length - 2);
  return integer(Math.round(whole / unit) * unit);
}

/** For example `4 to 17`. */
const range = ({ low, high }: Guess): string =>
  low === high ? integer(low) : `${integer(low)} to ${integer(high)}`;

/** `12 errors found`, for a counter. */
export function foundInShort(found: number): string {
  return `${counted(found, 'error')} found`;
}

/** `about 9 left`, for a counter; empty without an estimate or if every label has a verdict. */
export function leftInShort({ left, open }: Left): string {
  if (!left || open === 0) return '';
  return left.expected < 0.5 ? 'probably none left' : `about ${rounded(left.expected)} left`;
}

/** For example `About 9 errors are left among 412 unreviewed labels (90 %: 4 to 17).` */
export function leftInWords({ left, open, judged, needed, next }: Left): string {
  if (open === 0) return 'Every label has a verdict: no error is left to find.';
  if (!left) {
    return (
      `The errors left can be estimated after ${counted(needed, 'verdict')} ` +
      `on ranked labels; there ${plural(judged, 'is', 'are')} ${judged} so far.`
    );
  }
  const few = left.expected < 0.5;
  const errors = plural(Math.round(left.expected), 'error is', 'errors are');
  const among = `left among ${counted(open, 'unreviewed label')} (90 %: ${range(left)})`;
  const said = few
    ? `Probably no error is ${among}`
    : `About ${rounded(left.expected)} ${errors} ${among}`;
  if (few || !next || next.labels >= open) return `${said}.`;
  const found =
    next.expected < 0.5 ? 'probably none of them' : `about ${rounded(next.expected)} of them`;
  return `${said}; the next ${next.labels} in order hold ${found}.`;
}

/** A sentence about the blind checks at random places. They show whether the ranking overlooks errors. */
export function randomInWords({ random, checksNeeded }: Left): string {
  const { labels, errors, expected } = random;
  if (!expected) return tooFew('random places', random, checksNeeded);
  const said = `${counted(errors, 'error')} in ${counted(labels, 'blind check')} at random places, where the scores predict ${rounded(expected.expected)} (90 %: ${range(expected)})`;
  if (errors > expected.high) return `${said}: the ranking overlooks errors.`;
  if (errors < expected.low) {
    return `${said}: people who see the ranking call more labels an error.`;
  }
  return `${said}: this agrees with the ranking.`;
}

/**
 * A sentence about the blind checks at their own places. They show whether seeing the ranking changes a
 * person's verdicts.
 */
export function rankedInWords({ ranked, checksNeeded }: Left): string {
  const { labels, errors, expected } = ranked;
  if (!expected) return tooFew('their own places', ranked, checksNeeded);
  const said = `${counted(errors, 'error')} in ${counted(labels, 'blind check')} at their own places, where ${rounded(expected.expected)} would be called errors with the ranking in sight (90 %: ${range(expected)})`;
  if (errors > expected.high) return `${said}: the ranking makes you milder.`;
  if (errors < expected.low) return `${said}: the ranking makes you stricter.`;
  return `${said}: seeing the ranking does not visibly change your verdicts.`;
}

function tooFew(where: string, { labels }: BlindCheck, needed: number): string {
  if (labels >= needed)
    return `Blind checks at ${where}: ${needed} verdicts given with the ranking in sight are needed first, for the comparison.`;
  return `Blind checks at ${where}: ${labels} so far, ${needed} are needed to say anything.`;
}
