import { describe, expect, it } from 'vitest';
import type { Left } from '../../../audit/contract/api.ts';
import {
  leftInShort,
  leftInWords,
  randomInWords,
  rankedInWords,
  rounded,
} from '../../../audit/contract/left.ts';

const none = { labels: 0, errors: 0, expected: null };
const estimate = (change: Partial<Left> = {}): Left => ({
  model: 'run',
  found: 21,
  judged: 60,
  errors: 21,
  open: 412,
  needed: 10,
  left: { expected: 9.2, low: 4, high: 17 },
  next: { labels: 50, expected: 6.1 },
  ahead: [],
  checksNeeded: 10,
  random: none,
  ranked: none,
  ...change,
});

describe('the sentence about the errors that are left', () => {
  it('has the interval and the errors among the next labels', () => {
    expect(leftInWords(estimate())).toBe(
      'About 9 errors are left among 412 unreviewed labels (90 %: 4 to 17); ' +
        'the next 50 in order hold about 6 of them.',
    );
    expect(leftInShort(estimate())).toBe('about 9 left');
  });

  it('says how many verdicts are needed before it gives a number', () => {
    const early = estimate({ judged: 3, left: null, next: null });
    expect(leftInWords(early)).toMatch(/after 10 verdicts on ranked labels; there are 3 so far\.$/);
    expect(leftInShort(early)).toBe('');
  });

  it('has its own wording for one error, for none, and for a finished review', () => {
    expect(leftInWords(estimate({ left: { expected: 1.2, low: 0, high: 3 } }))).toContain(
      'About 1 error is left',
    );
    const few = estimate({ left: { expected: 0.2, low: 0, high: 1 } });
    expect(leftInWords(few)).toBe(
      'Probably no error is left among 412 unreviewed labels (90 %: 0 to 1).',
    );
    expect(leftInShort(few)).toBe('probably none left');
    expect(leftInWords(estimate({ open: 0 }))).toBe(
      'Every label has a verdict: no error is left to find.',
    );
    expect(leftInShort(estimate({ open: 0 }))).toBe('');
  });

  it('rounds numbers to two significant digits', () => {
    expect([3.4, 17.6, 127, 4321].map(rounded)).toEqual(['3', '18', '130', '4,300']);
  });

  it('compares blind checks only when there are enough', () => {
    expect(randomInWords(estimate({ random: { ...none, labels: 4 } }))).toBe(
      'Blind checks at random places: 4 so far, 10 are needed to say anything.',
    );
    const expected = { expected: 1, low: 0, high: 3 };
    const of = (errors: number) => estimate({ random: { labels: 12, errors, expected } });
    expect(randomInWords(of(6))).toMatch(/: the ranking overlooks errors\.$/);
    expect(randomInWords(of(2))).toMatch(/: this agrees with the ranking\.$/);
    const ranked = { expected: 6, low: 3, high: 9 };
    const sway = (errors: number) =>
      rankedInWords(estimate({ ranked: { labels: 12, errors, expected: ranked } }));
    expect(sway(2)).toMatch(/: the ranking makes you stricter\.$/);
    expect(sway(6)).toMatch(/does not visibly change your verdicts\.$/);
    expect(sway(11)).toMatch(/: the ranking makes you milder\.$/);
  });
});
