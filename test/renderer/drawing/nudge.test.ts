import { describe, expect, it } from 'vitest';
import { nudge } from '../../../renderer/drawing/nudge.ts';
import { fillOutline, outlineOf } from '../../../renderer/drawing/outline.ts';
import { wholeOf } from '../../../renderer/drawing/rect.ts';
import type { Position } from '../../../renderer/drawing/types.ts';
import { make } from './masks.ts';

const SIZE = 120;
const disc = (x0: number, y0: number, radius: number): Uint8Array =>
  make(SIZE, SIZE, (x, y) => Math.hypot(x + 0.5 - x0, y + 0.5 - y0) < radius);
const at = (x: number, y: number): Position => ({ x, y });
const areaOf = (mask: Uint8Array): number => mask.reduce((sum, v) => sum + v, 0);

/** Nudges a mask along a way. @returns the new mask, and the rectangle that may have changed */
function nudged(mask: Uint8Array, radius: number, ...way: Position[]) {
  const rings = outlineOf(mask, SIZE, SIZE);
  const rects = way.slice(1).map((to, i) => nudge(rings, way[i], to, radius, SIZE, SIZE));
  const result = new Uint8Array(SIZE * SIZE);
  fillOutline({ width: SIZE, height: SIZE, mask: result }, rings, wholeOf(SIZE, SIZE));
  return { mask: result, rects };
}

describe('the nudge', () => {
  it('pushes the outline outwards from within, and inwards from without', () => {
    const before = disc(60, 60, 25);
    const out = nudged(before, 14, at(82, 60), at(92, 60)).mask;
    expect(out[60 * SIZE + 92]).toBe(1);
    expect(areaOf(out)).toBeGreaterThan(areaOf(before));
    const inward = nudged(before, 14, at(88, 60), at(74, 60)).mask;
    expect(inward[60 * SIZE + 76]).toBe(0);
    expect(areaOf(inward)).toBeLessThan(areaOf(before));
  });

  it('carries a whole small label along, unchanged', () => {
    const { mask } = nudged(disc(40, 40, 8), 40, at(40, 40), at(60, 52), at(73, 61));
    expect(mask).toEqual(disc(73, 61, 8));
  });

  it('changes nothing outside of the rectangles that it names, and nothing far from the tool', () => {
    const before = make(SIZE, SIZE, (x, y) => (x > 20 && x < 100 && y > 30 && y < 50) || y > 90);
    const { mask, rects } = nudged(before, 15, at(60, 30), at(66, 24), at(66, 33), at(40, 60));
    for (let i = 0; i < mask.length; i += 1) {
      if (mask[i] === before[i]) continue;
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
      const named = rects.some(
        (r) => r && x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height,
      );
      expect(named, `${x}, ${y}`).toBe(true);
    }
    expect(nudged(before, 10, at(60, 70), at(66, 70)).rects).toEqual([null]);
  });

  it('keeps the outline in one piece on a wild way', () => {
    const way = Array.from({ length: 12 }, (_, i) =>
      at(60 + 30 * Math.cos(i), 60 + 30 * Math.sin(2.3 * i)),
    );
    const { mask } = nudged(disc(60, 60, 25), 18, ...way);
    expect(areaOf(mask)).toBeGreaterThan(200);
  });
});
