/** Words for scores and reasons, for the queue and the inspector. Pure. */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { ExpectedDice } from '../../audit/contract/terms.ts';
import { decimal, percent } from '../../audit/contract/words.ts';

/** Scores in the worst tenth are bad; those in the worst three tenths are a warning. */
const BAD = 0.1;
const WARN = 0.3;

export type Tone = 'bad' | 'warn' | 'ok';

/** @param percentile share of all scores that are lower, 0 … 1 */
export function toneOf(percentile: number): Tone {
  return percentile < BAD ? 'bad' : percentile < WARN ? 'warn' : 'ok';
}

/** Dice below which a label is probably wrong, and below which two careful readers differ. */
const BAD_DICE = 0.85;
const WARN_DICE = 0.93;

/** @param dice expected dice of a label with the truth, 0 … 1 */
export function toneOfDice(dice: number): Tone {
  return dice < BAD_DICE ? 'bad' : dice < WARN_DICE ? 'warn' : 'ok';
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

/** A paragraph of reasons per suspected label, the worst first. @param only a structure; null: all */
export function paragraphsOf(detail: CaseDetail, only: string | null): string[] {
  return [...detail.labels]
    .filter(({ structure, words }) => words.length > 0 && (only === null || structure === only))
    .sort((a, b) => (a.ranks.score ?? Infinity) - (b.ranks.score ?? Infinity))
    .map(({ words }) => words.join(' '));
}

/** The range of an expected dice in words: `0.66 – 0.76`. */
export function between({ low, high }: ExpectedDice): string {
  return `${decimal(low, 2)} – ${decimal(high, 2)}`;
}

/**
 * The expected dice of a label, or of the case's worst label if `structure` is null; null if none is known.
 */
export function expectedOf(
  detail: CaseDetail,
  structure: string | null,
): { readonly structure: string; readonly expected: ExpectedDice } | null {
  const expectedDice = detail.labels.flatMap(({ structure: name, reasons }) =>
    reasons?.expected && (structure === null || name === structure)
      ? [{ structure: name, expected: reasons.expected }]
      : [],
  );
  return expectedDice.sort((a, b) => a.expected.dice - b.expected.dice)[0] ?? null;
}

/**
 * A score's place among all, in words: `the worst of all`, `better than 12 %`.
 * @param percentile share of all scores that are lower, 0 … 1
 */
export function standing(percentile: number): string {
  if (percentile === 0) return 'the worst of all';
  return percentile > 0.99 ? 'better than nearly all' : `better than ${percent(percentile)}`;
}

/** `lung` → `Lung`. */
export const titled = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
