import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paintCapsule } from '../../../renderer/drawing/capsule.ts';
import type { Dab } from '../../../renderer/drawing/capsule.ts';
import { clear, drawn, rows } from './masks.ts';

const [WIDTH, HEIGHT] = [40, 32];
const blank = () => ({ width: WIDTH, height: HEIGHT, mask: new Uint8Array(WIDTH * HEIGHT) });

const dabs: fc.Arbitrary<Dab> = fc.record({
  x: fc.double({ min: -12, max: WIDTH + 12, noNaN: true }),
  y: fc.double({ min: -12, max: HEIGHT + 12, noNaN: true }),
  radius: fc.double({ min: 0.75, max: 14, noNaN: true }),
});

/**
 * The largest depth, in pixels, of a point in one of many discs from the dab `a` to the dab `b`. It is
 * negative if the point lies outside of all discs.
 */
function depth(a: Dab, b: Dab, x: number, y: number, discs = 500): number {
  let deepest = -Infinity;
  for (let i = 0; i <= discs; i += 1) {
    const t = i / discs;
    const at = (from: number, to: number): number => from + t * (to - from);
    const away = Math.hypot(x - at(a.x, b.x), y - at(a.y, b.y));
    deepest = Math.max(deepest, at(a.radius, b.radius) - away);
  }
  return deepest;
}

describe('the swept brush', () => {
  it('draws the pixels whose centre lies in one of the discs on the way, and no other', () => {
    fc.assert(
      fc.property(dabs, dabs, fc.integer({ min: 0, max: 40 }), (a, b, probe) => {
        const canvas = blank();
        paintCapsule(canvas, a, b, 1);
        // Distance between neighbouring discs of `depth`, which is also how far its answer may be off.
        const step = Math.hypot(b.x - a.x, b.y - a.y) / 500 + 1e-9;
        const wrong: number[] = [];
        for (let i = probe; i < canvas.mask.length; i += 41) {
          const inside = depth(a, b, (i % WIDTH) + 0.5, Math.floor(i / WIDTH) + 0.5);
          if (Math.abs(inside) > step && (canvas.mask[i] === 1) !== inside > 0) wrong.push(i);
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('draws the same from either end', () => {
    fc.assert(
      fc.property(dabs, dabs, (a, b) => {
        const [there, back] = [blank(), blank()];
        paintCapsule(there, a, b, 1);
        paintCapsule(back, b, a, 1);
        expect(rows(there)).toEqual(rows(back));
      }),
    );
  });

  it('writes only inside the rectangle that it returns', () => {
    fc.assert(
      fc.property(dabs, dabs, (a, b) => {
        const canvas = blank();
        const rect = paintCapsule(canvas, a, b, 1);
        if (rect) clear(canvas, rect);
        expect(canvas.mask.includes(1)).toBe(false);
      }),
    );
  });

  it('with a radius of half a pixel, draws exactly the pixel that it is in', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: WIDTH - 0.001, noNaN: true }),
        fc.double({ min: 0, max: HEIGHT - 0.001, noNaN: true }),
        (x, y) => {
          const canvas = blank();
          const dab = { x, y, radius: 0.5 };
          paintCapsule(canvas, dab, dab, 1);
          expect(canvas.mask.reduce((sum, value) => sum + value, 0)).toBe(1);
          expect(canvas.mask[Math.floor(y) * WIDTH + Math.floor(x)]).toBe(1);
        },
      ),
    );
  });

  it('with a radius of half a pixel, leaves no gap in any line', () => {
    const line = (x0: number, y0: number, x1: number, y1: number): void => {
      const canvas = blank();
      paintCapsule(canvas, { x: x0, y: y0, radius: 0.5 }, { x: x1, y: y1, radius: 0.5 }, 1);
      const [across, down] = [
        Math.abs(Math.floor(x1) - Math.floor(x0)),
        Math.abs(Math.floor(y1) - Math.floor(y0)),
      ];
      const filled = new Set<number>();
      canvas.mask.forEach((value, i) => {
        if (value === 1) filled.add(across >= down ? i % WIDTH : Math.floor(i / WIDTH));
      });
      expect(filled.size).toBe(Math.max(across, down) + 1);
    };
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: WIDTH - 1, noNaN: true }),
        fc.double({ min: 0, max: HEIGHT - 1, noNaN: true }),
        fc.double({ min: 0, max: WIDTH - 1, noNaN: true }),
        fc.double({ min: 0, max: HEIGHT - 1, noNaN: true }),
        line,
      ),
    );
  });

  it('draws at least one pixel inside the image, however small it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 1.5, noNaN: true }),
        fc.double({ min: 1, max: 30, noNaN: true }),
        fc.double({ min: 1, max: 30, noNaN: true }),
        (radius, x, y) => {
          const canvas = blank();
          paintCapsule(canvas, { x, y, radius }, { x, y, radius }, 1);
          expect(canvas.mask.includes(1)).toBe(true);
        },
      ),
    );
  });

  it('erases what it draws', () => {
    const canvas = { ...blank(), mask: new Uint8Array(WIDTH * HEIGHT).fill(1) };
    const [a, b] = [
      { x: 8.3, y: 9.1, radius: 4 },
      { x: 30.2, y: 20.7, radius: 2 },
    ];
    const drawnOn = blank();
    paintCapsule(drawnOn, a, b, 1);
    paintCapsule(canvas, a, b, 0);
    expect(canvas.mask).toEqual(drawnOn.mask.map((value) => 1 - value));
  });

  it('changes no pixel whose sample is outside of the range', () => {
    fc.assert(
      fc.property(
        dabs,
        dabs,
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 0, max: 50 }),
        (a, b, low, span) => {
          const samples = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 37) % 61);
          const [all, some] = [blank(), blank()];
          paintCapsule(all, a, b, 1);
          paintCapsule(some, a, b, 1, { samples, low, high: low + span });
          const wanted = all.mask.map((v, i) =>
            samples[i] >= low && samples[i] <= low + span ? v : 0,
          );
          expect(some.mask).toEqual(wanted);
        },
      ),
    );
  });

  it('draws the disc of radius 2.5 that is drawn here by hand', () => {
    const canvas = { width: 7, height: 7, mask: new Uint8Array(49) };
    paintCapsule(canvas, { x: 3.5, y: 3.5, radius: 2.5 }, { x: 3.5, y: 3.5, radius: 2.5 }, 1);
    const disc = drawn('.......', '..###..', '.#####.', '.#####.', '.#####.', '..###..', '.......');
    expect(rows(canvas)).toEqual(rows(disc));
  });
});
