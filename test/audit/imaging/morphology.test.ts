import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { components, dilate, erode } from '../../../audit/imaging/morphology.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { anyMask, drawn, rowsOf } from './masks.ts';

const radius = fc.double({ min: 0, max: 6, noNaN: true });
const not = (mask: Mask): Mask => ({ ...mask, data: mask.data.map((v) => 1 - v) });
const within = (a: Mask, b: Mask): boolean => a.data.every((v, i) => v <= b.data[i]);

function discDilation(mask: Mask, r: number): number[] {
  return Array.from(mask.data, (_, i) => {
    const [x, y] = [i % mask.width, Math.floor(i / mask.width)];
    const hit = mask.data.some(
      (v, j) =>
        v === 1 && ((j % mask.width) - x) ** 2 + (Math.floor(j / mask.width) - y) ** 2 <= r * r,
    );
    return hit ? 1 : 0;
  });
}

describe('dilate and erode', () => {
  it('dilate by a Euclidean disc', () => {
    fc.assert(
      fc.property(anyMask, radius, (mask, r) => {
        expect([...dilate(mask, r).data]).toEqual(discDilation(mask, r));
      }),
    );
  });

  it('erode by dilating the complement, so that nothing is eroded at the border of the image', () => {
    fc.assert(
      fc.property(anyMask, radius, (mask, r) => {
        expect(erode(mask, r)).toEqual(not(dilate(not(mask), r)));
      }),
    );
    expect(rowsOf(erode(drawn('###.', '###.', '###.'), 1))).toEqual(['##..', '##..', '##..']);
    expect(rowsOf(erode(drawn('##', '##'), 5))).toEqual(['##', '##']);
  });

  it('grow and shrink more with a larger radius, and change nothing with radius 0', () => {
    fc.assert(
      fc.property(anyMask, radius, radius, (mask, a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        expect(within(dilate(mask, small), dilate(mask, large))).toBe(true);
        expect(within(erode(mask, large), erode(mask, small))).toBe(true);
        expect(erode(mask, 0)).toEqual(mask);
        expect(dilate(mask, 0)).toEqual(mask);
      }),
    );
  });

  it('form a closing that contains the mask, and an opening that the mask contains', () => {
    fc.assert(
      fc.property(anyMask, radius, (mask, r) => {
        expect(within(mask, erode(dilate(mask, r), r))).toBe(true);
        expect(within(dilate(erode(mask, r), r), mask)).toBe(true);
      }),
    );
  });
});

describe('components', () => {
  const mask = drawn('##..#', '#..#.', '.....', '.##..');

  it('join pixels that touch at a corner', () => {
    const found = components(mask);
    expect(found.components).toEqual([
      { label: 1, area: 3, left: 0, top: 0, right: 1, bottom: 1 },
      { label: 2, area: 2, left: 3, top: 0, right: 4, bottom: 1 },
      { label: 3, area: 2, left: 1, top: 3, right: 2, bottom: 3 },
    ]);
    expect([...found.labels]).toEqual([
      ...[1, 1, 0, 0, 2],
      ...[1, 0, 0, 2, 0],
      ...[0, 0, 0, 0, 0],
      ...[0, 3, 3, 0, 0],
    ]);
  });

  it('contain every inside pixel, and neighbouring pixels belong to one component', () => {
    fc.assert(
      fc.property(anyMask, (any) => {
        const { components: found, labels } = components(any);
        const total = found.reduce((sum, one) => sum + one.area, 0);
        expect(total).toBe(any.data.filter((v) => v === 1).length);
        labels.forEach((label, i) => {
          expect(label > 0).toBe(any.data[i] === 1);
          if (label > 0 && (i + 1) % any.width !== 0 && any.data[i + 1] === 1) {
            expect(labels[i + 1]).toBe(label);
          }
        });
      }),
    );
  });
});
