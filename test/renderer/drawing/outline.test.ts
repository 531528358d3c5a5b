import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillOutline, outlineOf } from '../../../renderer/drawing/outline.ts';
import { wholeOf } from '../../../renderer/drawing/rect.ts';
import { drawn, pictures, rows } from './masks.ts';

const again = ({ width, height, mask }: { width: number; height: number; mask: Uint8Array }) => {
  const copy = { width, height, mask: new Uint8Array(mask.length).fill(7) };
  fillOutline(copy, outlineOf(mask, width, height), wholeOf(width, height));
  return copy;
};

describe('the outline of a mask', () => {
  it('encloses exactly the mask', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(rows(again(picture))).toEqual(rows(picture));
      }),
      { numRuns: 300 },
    );
  });

  it('has a ring for each part and each hole', () => {
    const { mask, width, height } = drawn('####..#', '#..#.##', '####...', '....###');
    // The parts touch at corners, so that they are one; the hole is the second ring.
    expect(outlineOf(mask, width, height)).toHaveLength(3);
    expect(outlineOf(new Uint8Array(12), 4, 3)).toEqual([]);
  });

  it('writes into the rectangle alone', () => {
    const picture = drawn('####', '####', '####');
    const canvas = { ...picture, mask: new Uint8Array(12) };
    fillOutline(canvas, outlineOf(picture.mask, 4, 3), { x: 1, y: 1, width: 2, height: 1 });
    expect(rows(canvas)).toEqual(['....', '.##.', '....']);
  });
});
