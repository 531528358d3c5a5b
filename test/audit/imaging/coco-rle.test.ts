import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  WrongRuns,
  cocoRuns,
  cocoRunsOfText,
  cocoRunsToText,
  paintCocoRuns,
} from '../../../audit/imaging/coco-rle.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { anyMask, drawn, rowsOf } from './masks.ts';

const blank = ({ width, height }: Mask): Mask => ({
  width,
  height,
  data: new Uint8Array(width * height),
});

describe('run lengths of COCO', () => {
  it('go down the columns, and begin with a run of outside pixels', () => {
    expect(cocoRuns(drawn('#.', '#.', '.#'))).toEqual([0, 2, 3, 1]);
    expect(cocoRuns(drawn('..', '..'))).toEqual([4]);
  });

  it('have the same text as in pycocotools', () => {
    // The expected text is the result of pycocotools.mask.frPyObjects for these counts.
    const runs = [33, 4, 28, 10, 25, 1, 900, 3, 32000, 2, 1];
    expect(cocoRunsToText(runs)).toBe('Q14l06MG[k02l[n0OQhPO');
    expect(cocoRunsOfText(cocoRunsToText(runs))).toEqual(runs);
  });

  it('decode to the mask that was encoded', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        const back = blank(mask);
        paintCocoRuns(cocoRunsOfText(cocoRunsToText(cocoRuns(mask))), back);
        expect(rowsOf(back)).toEqual(rowsOf(mask));
      }),
    );
  });

  it('are refused if they are of the wrong size or invalid', () => {
    const mask = blank(drawn('..', '..'));
    expect(() => paintCocoRuns([1, 2], mask)).toThrow(WrongRuns);
    expect(() => paintCocoRuns([1, -1, 4], mask)).toThrow(WrongRuns);
    expect(() => paintCocoRuns([1, 0.5, 2.5], mask)).toThrow(WrongRuns);
    for (const text of ['é', '\n', 'oooooooooo0', 'o', '1o']) {
      expect(() => cocoRunsOfText(text)).toThrow(WrongRuns);
    }
  });

  it('are read from any text, or refused with a WrongRuns error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(cocoRunsOfText(text).length).toBeLessThanOrEqual(text.length);
        } catch (error) {
          expect(error).toBeInstanceOf(WrongRuns);
        }
      }),
    );
  });
});
