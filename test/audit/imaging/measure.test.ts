import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { area, boundary, dice, signedBoundary } from '../../../audit/imaging/measure.ts';
import { dilate, erode } from '../../../audit/imaging/morphology.ts';
import { anyMask, drawn, ellipse, rowsOf } from './masks.ts';

const size = { width: 96, height: 80 };
const shape = ellipse(size, [48, 40, 24, 20]);

describe('area and dice', () => {
  it('are computed from the numbers of pixels', () => {
    expect(area(drawn('#.#', '...'))).toBe(2);
    expect(dice(drawn('##..'), drawn('.##.'))).toBe(0.5);
    expect(dice(drawn('....'), drawn('....'))).toBe(1);
    expect(dice(drawn('#...'), drawn('....'))).toBe(0);
  });

  it('dice is symmetric, in 0 … 1, and 1 only for equal masks', () => {
    const pair = anyMask.chain((a) =>
      fc
        .uint8Array({ min: 0, max: 1, minLength: a.data.length, maxLength: a.data.length })
        .map((data) => [a, { ...a, data }] as const),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const value = dice(a, b);
        expect(value).toBe(dice(b, a));
        expect(value >= 0 && value <= 1).toBe(true);
        expect(value === 1).toBe(a.data.every((v, i) => v === b.data[i]));
      }),
    );
  });

  it('dice refuses masks of different sizes', () => {
    expect(() => dice(drawn('##'), drawn('#', '#'))).toThrow(RangeError);
    expect(() => signedBoundary(drawn('##'), drawn('#', '#'))).toThrow(RangeError);
  });
});

describe('boundary', () => {
  it('has the inside pixels next to an outside pixel, but not those at the border of the image', () => {
    expect(rowsOf(boundary(drawn('....', '###.', '###.', '###.')))).toEqual([
      '....',
      '###.',
      '..#.',
      '..#.',
    ]);
    expect(area(boundary(drawn('##', '##')))).toBe(0);
  });
});

describe('signedBoundary', () => {
  it('is 0 for a label equal to the proposal', () => {
    const distance = signedBoundary(shape, shape);
    expect(distance.mean).toBe(0);
    expect(distance.off(0)).toBe(0);
  });

  it('is minus the radius for an eroded label, plus the radius for a dilated one', () => {
    for (const radius of [2, 5, 8]) {
      const small = signedBoundary(erode(shape, radius), shape);
      const large = signedBoundary(dilate(shape, radius), shape);
      expect(small.mean).toBeGreaterThan(-radius - 0.6);
      expect(small.mean).toBeLessThan(-radius + 0.6);
      expect(large.mean).toBeGreaterThan(radius - 0.6);
      expect(large.mean).toBeLessThan(radius + 0.6);
      expect(small.off(radius - 1)).toBeGreaterThan(0.95);
      expect(large.off(radius + 1)).toBe(0);
    }
  });

  it('has a mean near 0 for a shifted label, but a large share of the boundary is off', () => {
    const shifted = signedBoundary(ellipse(size, [58, 40, 24, 20]), shape);
    expect(Math.abs(shifted.mean!)).toBeLessThan(1.5);
    expect(shifted.off(2)).toBeGreaterThan(0.6);
    expect(shifted.off(11)).toBe(0);
  });

  it('is null if either mask is empty', () => {
    const empty = { ...size, data: new Uint8Array(96 * 80) };
    expect(signedBoundary(empty, shape).mean).toBeNull();
    expect(signedBoundary(shape, empty).mean).toBeNull();
    expect(signedBoundary(shape, empty).off(2)).toBeNull();
  });
});
