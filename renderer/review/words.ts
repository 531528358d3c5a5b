/** Words for scores and reasons, for the queue and the inspector. Pure. */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { ExpectedDice } from '../../audit/contract/terms.ts';
import { NUMBER_NAMES, SUSPICIOUS, isDice } from '../../audit/contract/ranked.ts';
import type { RankNumber } from '../../audit/contract/terms.ts';
import { decimal, percent, titled } from '../../audit/contract/words.ts';
import { worstFirst } from '../case/worst-first.ts';

/** Scores in the worst tenth are bad; those in the worst three tenths are a warning. */
const BAD = 0.1;
const WARN = 0.3;

export type Tone = 'bad' | 'warn' | 'ok';

/** @param percentile share of all scores that are lower, 0 … 1 */
export function toneOf(percentile: number): Tone {
  return percentile < BAD ? 'bad' : percentile < WARN ? 'warn' : 'ok';
}

/** @param dice 0 … 1 */
export function toneOfDice(dice: number): Tone {
  return dice < SUSPICIOUS.bad ? 'bad' : dice < SUSPICIOUS.doubtful ? 'warn' : 'ok';
}

/** The tone of a score. @param percentile share of all scores that are lower, 0 … 1 */
export function toneOfNumber(number: RankNumber, score: number, percentile: number): Tone {
  return isDice(number) ? toneOfDice(score) : toneOf(percentile);
}

/**
 * Says what a row's score means, for example for a tooltip.
 * @param percentile share of all scores that are lower, 0 … 1
 * @param expected the expected dice of a label with its interval; null for a case, or if it is unknown
 */
export function numberInWords(
  number: RankNumber,
  percentile: number,
  expected: ExpectedDice | null,
): string {
  if (number !== 'expected') return `${titled(NUMBER_NAMES[number])}: ${standing(percentile)}`;
  return expected
    ? `Expected dice with the truth: ${between(expected)}`
    : 'Expected dice with the truth, of all its labels';
}

export const TEXT_TONE: Readonly<Record<Tone, string>> = {
  bad: 'text-bad',
  warn: 'text-warn',
  ok: 'text-ok',
};
export const FILL_TONE: Readonly<Record<Tone, string>> = {
  bad: 'bg-bad',
  warn: 'bg-warn',
  ok: 'bg-ok',
};

/** A piece of a sentence; `structure` is null if the piece names no structure. */
interface Piece {
  readonly text: string;
  readonly structure: string | null;
}

/** Splits a sentence at the names of structures. */
export function piecesOf(sentence: string, structures: readonly string[]): Piece[] {
  if (structures.length === 0) return [{ text: sentence, structure: null }];
  const longestFirst = [...structures].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // Only whole words: the heart is not in “heartbeat”.
  const names = new RegExp(`(?<![\\w-])(${escaped.join('|')})(?![\\w-])`, 'u');
  return sentence
    .split(names)
    .map((text, i) => ({ text, structure: i % 2 === 1 ? text : null }))
    .filter(({ text }) => text !== '');
}

/** A paragraph of reasons per suspected label, the worst first. @param only a structure, or null for all */
export function paragraphsOf(detail: CaseDetail, only: string | null): string[] {
  return worstFirst(detail.labels)
    .filter(({ structure, words }) => words.length > 0 && (only === null || structure === only))
    .map(({ words }) => words.join(' '));
}

/** The range of an expected dice in words: `0.66 – 0.76`. */
export function between({ low, high }: ExpectedDice): string {
  return `${decimal(low, 2)} – ${decimal(high, 2)}`;
}

/** `the worst of all`, `better than 12 %`. @param percentile share of all scores that are lower, 0 … 1 */
export function standing(percentile: number): string {
  if (percentile === 0) return 'the worst of all';
  return percentile > 0.99 ? 'better than nearly all' : `better than ${percent(percentile)}`;
}
