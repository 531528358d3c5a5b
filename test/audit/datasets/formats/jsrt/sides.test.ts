import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSides } from '../../../../../audit/datasets/formats/jsrt/sides.ts';
import type { Mask } from '../../../../../audit/imaging/types.ts';
import { drawn, rectangle } from '../../fixtures.ts';

const box = (x: number, w: number): Mask => rectangle(20, 6, { x, y: 1, w, h: 4 });
const both = (a: Mask, b: Mask): Mask => ({
  ...a,
  data: a.data.map((value, i) => value | b.data[i]),
});

describe('splitting a mask of both sides', () => {
  // The patient's left is on the right of the image.
  const [right, left] = [box(2, 5), box(13, 5)];

  it('returns the original sides if nothing changed', () => {
    const split = splitSides(both(left, right), left, right);
    expect([drawn(split.left), drawn(split.right)]).toEqual([drawn(left), drawn(right)]);
  });

  it('gives a connected part to the one side that it overlaps, however far it reaches', () => {
    const grown = box(8, 10);
    const split = splitSides(both(grown, right), left, right);
    expect(drawn(split.left)).toBe(drawn(grown));
  });

  it('cuts a part that overlaps both sides in the middle between them', () => {
    const split = splitSides(box(2, 16), left, right);
    expect(drawn(split.right)).toBe(drawn(box(2, 8)));
    expect(drawn(split.left)).toBe(drawn(box(10, 8)));
  });

  it('gives a new part to the nearer side, or to a half of the image if both sides were empty', () => {
    const island = rectangle(20, 6, { x: 11, y: 1, w: 1, h: 1 });
    expect(drawn(splitSides(island, left, right).left)).toBe(drawn(island));
    const none = rectangle(20, 6, { x: 0, y: 0, w: 0, h: 0 });
    expect(drawn(splitSides(box(2, 3), none, none).right)).toBe(drawn(box(2, 3)));
  });

  it('gives each pixel to exactly one side', () => {
    const plane = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(plane, plane, plane, (mask, a, b) => {
        const of = (values: number[]): Mask => ({
          width: 8,
          height: 6,
          data: Uint8Array.from(values),
        });
        const split = splitSides(of(mask), of(a), of(b));
        const sum = split.left.data.map((value, i) => value + split.right.data[i]);
        expect([...sum]).toEqual(mask);
      }),
    );
  });
});
