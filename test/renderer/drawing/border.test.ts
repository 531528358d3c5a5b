import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillBetween, hollow, smoothOutline } from '../../../renderer/drawing/border.ts';
import { components } from '../../../audit/imaging/morphology.ts';
import { make, pictures } from './masks.ts';

const SIZE = 60;
const area = (mask: Uint8Array): number => mask.reduce((sum, v) => sum + v, 0);
const square = make(SIZE, SIZE, (x, y) => x >= 10 && x < 50 && y >= 10 && y < 50);

describe('fill between', () => {
  it('joins parts that are near, and leaves those that are not', () => {
    const bars = (gap: number) =>
      make(SIZE, SIZE, (x, y) => y > 10 && y < 50 && (x < 30 || x >= 30 + gap) && x > 5 && x < 55);
    const near = fillBetween(bars(5), SIZE, SIZE, 4);
    expect(near.subarray(30 * SIZE + 6, 30 * SIZE + 55).includes(0)).toBe(false);
    expect(fillBetween(bars(12), SIZE, SIZE, 4)).toEqual(bars(12));
  });

  it('removes nothing', () => {
    fc.assert(
      fc.property(pictures, ({ mask, width, height }) => {
        const filled = fillBetween(mask, width, height, 2);
        expect(mask.every((v, i) => v <= filled[i])).toBe(true);
      }),
    );
  });
});

describe('hollow', () => {
  it('leaves a rim of the width that was asked for', () => {
    const rim = hollow(square, SIZE, SIZE, 6);
    const inner = make(SIZE, SIZE, (x, y) => x >= 16 && x < 44 && y >= 16 && y < 44);
    expect(rim).toEqual(square.map((v, i) => v - inner[i]));
  });
});

describe('smoothing the outline', () => {
  it('takes off teeth, and keeps area, parts and holes', () => {
    const ragged = make(SIZE, SIZE, (x, y) => {
      if (x === 3 && y === 3) return true;
      const hole = Math.hypot(x - 30, y - 25) < 5;
      return !hole && y >= 20 - 3 * (Math.floor(x / 3) % 2) && y < 50 && x >= 10 && x < 50;
    });
    const smooth = smoothOutline(ragged, SIZE, SIZE);
    const before = components({ width: SIZE, height: SIZE, data: ragged });
    const after = components({ width: SIZE, height: SIZE, data: smooth });
    expect(after.components).toHaveLength(before.components.length);
    expect(smooth[25 * SIZE + 30]).toBe(0);
    expect(Math.abs(area(smooth) / area(ragged) - 1)).toBeLessThan(0.03);
    // The upper border was a comb of three pixels; now neighbouring columns begin at about the same row.
    const top = (x: number): number => {
      let y = 0;
      while (smooth[y * SIZE + x] === 0) y += 1;
      return y;
    };
    const tops = Array.from({ length: 24 }, (_, i) => top(18 + i));
    expect(Math.max(...tops) - Math.min(...tops)).toBeLessThanOrEqual(1);
  });
});
