import { describe, expect, it } from 'vitest';
import { barsOf, placeOnAxis } from '../../../renderer/review/histogram.ts';
import {
  ago,
  percent,
  piecesOf,
  signed,
  standing,
  toneOf,
} from '../../../renderer/review/words.ts';

describe('words', () => {
  it('writes numbers with a real minus sign and never calls almost all all', () => {
    expect(signed(-1.414)).toBe('−1.41');
    expect(signed(-0.001)).toBe('0.00');
    expect(signed(4.1, 1, true)).toBe('+4.1');
    expect([percent(0.999), percent(1), percent(0.001), percent(0)]).toEqual([
      '> 99 %',
      '100 %',
      '< 1 %',
      '0 %',
    ]);
    expect(standing(0)).toBe('the worst of all');
  });

  it('finds structures in a sentence as whole words, the longer name first', () => {
    const names = ['lung', 'left lung', 'heart'];
    const text = 'The left lung and the heart, not the heartbeat of lungs.';
    const pieces = piecesOf(text, names);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    expect(pieces.flatMap(({ structure }) => structure ?? [])).toEqual(['left lung', 'heart']);
    expect(piecesOf('a (b) c', ['(b)']).filter(({ structure }) => structure !== null)).toHaveLength(
      1,
    );
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-01-02T12:00:00Z');
    expect(ago('2026-01-02T11:59:30Z', now)).toBe('just now');
    expect(ago('2026-01-02T11:00:01Z', now)).toBe('59 min ago');
    expect(ago('2026-01-02T01:00:00Z', now)).toBe('11 h ago');
    expect(ago('2025-12-24T01:00:00Z', now)).toBe('24 Dec 2025');
    expect(ago('never', now)).toBe('');
  });
});

describe('the histogram', () => {
  it('colours bars by the share of all scores below them', () => {
    const bars = barsOf({ counts: [5, 15, 0, 80] });
    expect(bars.map(({ tone }) => tone)).toEqual(['bad', 'warn', 'warn', 'ok']);
    expect(bars[3]?.height).toBe(1);
    expect(bars[2]?.height).toBe(0);
    expect(bars[0]?.from).toBe(0);
    expect(bars[3]?.to).toBe(1);
  });
  it('has no bars of nothing, and a place for scores beyond its ends', () => {
    expect(barsOf({ counts: [] })).toEqual([]);
    expect([placeOnAxis({ low: 0, high: 4 }, 1), placeOnAxis({ low: 0, high: 4 }, 9)]).toEqual([
      0.25, 1,
    ]);
    expect(placeOnAxis({ low: 2, high: 2 }, 2)).toBe(0.5);
  });
  it('agrees with the tone of a row', () => {
    expect([toneOf(0.09), toneOf(0.1), toneOf(0.3)]).toEqual(['bad', 'warn', 'ok']);
  });
});
