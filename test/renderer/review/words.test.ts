import { describe, expect, it } from 'vitest';
import { barsOf, diceBarsOf, placeOnAxis } from '../../../renderer/review/histogram.ts';
import { piecesOf, standing, toneOf, toneOfNumber } from '../../../renderer/review/words.ts';

describe('words', () => {
  it('says how a label stands, and never that it is better than all', () => {
    expect([0, 0.12, 0.999].map(standing)).toEqual([
      'the worst of all',
      'better than 12 %',
      'better than nearly all',
    ]);
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
  it('has no bars without scores, and places scores beyond its ends at an end', () => {
    expect(barsOf({ counts: [] })).toEqual([]);
    expect([placeOnAxis({ low: 0, high: 4 }, 1), placeOnAxis({ low: 0, high: 4 }, 9)]).toEqual([
      0.25, 1,
    ]);
    expect(placeOnAxis({ low: 2, high: 2 }, 2)).toBe(0.5);
  });
  it('colours bars of dice by the dice', () => {
    const bars = diceBarsOf({ low: 0.8, high: 1, counts: [1, 1, 1, 1] });
    expect(bars.map(({ tone }) => tone)).toEqual(['bad', 'warn', 'warn', 'ok']);
  });
  it('agrees with the tone of a row', () => {
    expect([toneOf(0.09), toneOf(0.1), toneOf(0.3)]).toEqual(['bad', 'warn', 'ok']);
    expect(toneOfNumber('expected', 0.84, 0.9)).toBe('bad');
    expect(toneOfNumber('agreement', 0.92, 0.9)).toBe('warn');
    expect(toneOfNumber('learned', -3, 0.9)).toBe('ok');
  });
});
