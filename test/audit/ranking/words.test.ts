import { describe, expect, it } from 'vitest';
import type { LabelReasons } from '../../../audit/contract/terms.ts';
import { reasonWords } from '../../../audit/ranking/words.ts';

const good: LabelReasons = {
  expected: null,
  structure: 'lung',
  dice: 0.96,
  areaRatio: 1,
  areaZ: 0,
  boundary: 0.1,
  boundaryOff: 0.02,
  learned: 0,
  softmin: 0.6,
};
const words = (change: Partial<LabelReasons>, scale = 1): string =>
  reasonWords({ ...good, ...change }, scale).join(' ');

describe('the reasons for suspecting a label, in words', () => {
  it('are empty for a label that agrees with the proposal', () => {
    expect(words({})).toBe('');
  });

  it('say how far the label lies inside or outside, and along how much of the boundary', () => {
    expect(words({ boundary: -9.4, boundaryOff: 0.81 })).toBe(
      "The lung is drawn 9.4 px inside the model's outline along 81 % of the boundary.",
    );
    expect(words({ boundary: 4.06, boundaryOff: null })).toBe(
      "The lung is drawn 4.1 px outside the model's outline.",
    );
  });

  it('take the resolution of the label into account to call a distance far', () => {
    expect(words({ boundary: 3 }, 8)).toBe('');
    expect(words({ boundary: 3 }, 1)).not.toBe('');
  });

  it('distinguish a ragged or shifted outline from one that is too small', () => {
    expect(words({ boundary: 0.2, boundaryOff: 0.6 })).toMatch(/now inside, now outside/);
  });

  it('name a missing part if the dice is low but the boundary fits', () => {
    expect(words({ dice: 0.57, boundary: 0, boundaryOff: 0, areaRatio: 0.55 })).toBe(
      'A part of the lung seems to be missing: it covers 55 % of the usual area, ' +
        'its dice with the model is 0.57.',
    );
    expect(words({ dice: 0.7, areaRatio: 1.4 })).toMatch(/a part too many/);
  });

  it('name an empty label, and a label that lies elsewhere', () => {
    expect(words({ dice: 0, boundary: null, boundaryOff: null, areaRatio: 0 })).toMatch(
      /drawn as empty, but the model sees one/,
    );
    expect(words({ dice: 0, boundary: null, boundaryOff: null })).toMatch(/the model sees none/);
    expect(words({ dice: 0.01, boundary: 30 })).toMatch(/lies elsewhere/);
  });

  it('name an unusual area, also without a segmenter', () => {
    const alone = { dice: null, boundary: null, boundaryOff: null, softmin: null };
    expect(words({ ...alone, areaRatio: 0.41, areaZ: -6 })).toMatch(/0\.41 times .* smaller/);
    expect(words(alone)).toBe('');
  });
});
