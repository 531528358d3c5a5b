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
  kind: null,
  place: null,
};
/** @param side the label's width and height, in pixels */
const words = (change: Partial<LabelReasons>, side = 256): string =>
  reasonWords({ ...good, ...change }, { width: side, height: side }).join(' ');

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

  it('measure what is far by the resolution of the label', () => {
    expect(words({ boundary: 3 }, 2048)).toBe('');
    expect(words({ boundary: 3 })).not.toBe('');
  });

  it('distinguish a ragged or shifted outline from one that is too small', () => {
    expect(words({ boundary: 0.2, boundaryOff: 0.6 })).toMatch(/now inside, now outside/);
  });

  it('name a missing part if the dice is low but the boundary fits', () => {
    expect(words({ dice: 0.57, boundary: 0, boundaryOff: 0, areaRatio: 0.55 })).toBe(
      'A part of the lung seems to be missing. Its dice with the model is 0.57.',
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

  it('say where the model sees what an empty label lacks, and where an invented one lies', () => {
    const place = { x: 0.2, y: 0.5, left: 0.15, top: 0.45, width: 12 / 256, height: 9 / 256 };
    const none = { dice: 0, boundary: null, boundaryOff: null, structure: 'lesion', place };
    expect(words({ ...none, kind: 'omitted', areaRatio: 0 })).toBe(
      'The lesion is drawn as empty, but the model sees one in the left middle of the image, ' +
        '12 × 9 px.',
    );
    expect(words({ ...none, kind: 'invented', place: { ...place, x: 0.9, y: 0.1 } }, 512)).toBe(
      'The lesion is drawn in the upper right of the image, 24 × 18 px, where the model sees none.',
    );
    expect(words({ ...none, kind: 'omitted', place: { ...place, x: 0.5, y: 0.5 } })).toMatch(
      /in the middle of the image/,
    );
  });

  it('begin with the kind of error, unless the label agrees with the model', () => {
    const small = { kind: 'too-small', boundary: -9.4, boundaryOff: 0.81, dice: 0.7 } as const;
    expect(words(small)).toBe(
      "Too small: the lung is drawn 9.4 px inside the model's outline along 81 % of the boundary. " +
        'Its dice with the model is 0.70.',
    );
    const place = { x: 0.9, y: 0.9, left: 0.8, top: 0.8, width: 0.125, height: 0.125 };
    expect(words({ kind: 'part-missing', place, dice: 0.8 })).toMatch(
      /^Part missing: the lung lacks a part .* in the lower right of the image, 32 × 32 px\./,
    );
    expect(words({ kind: 'swapped', dice: 0.02 })).toMatch(/^Swapped: /);
    expect(words({ kind: 'too-small' })).toBe('');
    expect(words({ kind: 'none', boundary: -9.4 })).toMatch(/^The lung is drawn 9.4 px inside/);
  });

  it('name an area far out, and make do without a segmenter', () => {
    const alone = { dice: null, boundary: null, boundaryOff: null, softmin: null };
    expect(words({ ...alone, areaRatio: 0.41, areaZ: -6 })).toMatch(/0\.41 times .* smaller/);
    expect(words(alone)).toBe('');
  });
});
