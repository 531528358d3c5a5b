import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyInPolygon, fillPolygon } from '../../../renderer/drawing/polygon.ts';
import type { Position } from '../../../renderer/drawing/types.ts';
import { clear, drawn, make, rows } from './masks.ts';

const [WIDTH, HEIGHT] = [30, 26];
const blank = () => ({ width: WIDTH, height: HEIGHT, mask: new Uint8Array(WIDTH * HEIGHT) });

const polygons = fc.array(
  fc.record({
    // Includes whole and half numbers, so that some corners lie on edges or centres of pixels.
    x: fc.oneof(
      fc.double({ min: -6, max: WIDTH + 6, noNaN: true }),
      fc.integer({ min: -8, max: 70 }).map((n) => n / 2),
    ),
    y: fc.oneof(
      fc.double({ min: -6, max: HEIGHT + 6, noNaN: true }),
      fc.integer({ min: -8, max: 60 }).map((n) => n / 2),
    ),
  }),
  { minLength: 3, maxLength: 12 },
);

/**
 * Whether a point is inside by the even-odd rule: a ray to the left crosses an odd number of edges.
 */
function inside(points: readonly Position[], x: number, y: number): boolean {
  let odd = false;
  points.forEach((b, i) => {
    const a = points[(i + points.length - 1) % points.length];
    if (a.y <= y === b.y <= y) return;
    if (a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x) <= x) odd = !odd;
  });
  return odd;
}

describe('a polygon', () => {
  it('holds the pixels whose centre is inside by the even-odd rule', () => {
    fc.assert(
      fc.property(polygons, (points) => {
        const canvas = blank();
        fillPolygon(canvas, points, 1);
        const mask = make(WIDTH, HEIGHT, (x, y) => inside(points, x + 0.5, y + 0.5));
        expect(rows(canvas)).toEqual(rows({ ...canvas, mask }));
      }),
      { numRuns: 300 },
    );
  });

  it('writes only inside the rectangle that it returns', () => {
    fc.assert(
      fc.property(polygons, (points) => {
        const canvas = blank();
        const rect = fillPolygon(canvas, points, 1);
        if (rect) clear(canvas, rect);
        expect(canvas.mask.includes(1)).toBe(false);
      }),
    );
  });

  it('removes the same pixels that it would have added', () => {
    fc.assert(
      fc.property(polygons, (points) => {
        const full = { ...blank(), mask: new Uint8Array(WIDTH * HEIGHT).fill(1) };
        const added = blank();
        fillPolygon(full, points, 0);
        fillPolygon(added, points, 1);
        expect(full.mask).toEqual(added.mask.map((value) => 1 - value));
      }),
    );
  });

  it('copies the proposal inside, and changes nothing outside', () => {
    fc.assert(
      fc.property(polygons, (points) => {
        const proposal = make(WIDTH, HEIGHT, (x, y) => (x * 7 + y * 3) % 5 < 2);
        const before = make(WIDTH, HEIGHT, (x, y) => (x + y) % 3 === 0);
        const canvas = { ...blank(), mask: before.slice() };
        copyInPolygon(canvas, points, proposal);
        const wanted = make(WIDTH, HEIGHT, (x, y) => {
          const source = inside(points, x + 0.5, y + 0.5) ? proposal : before;
          return source[y * WIDTH + x] === 1;
        });
        expect(canvas.mask).toEqual(wanted);
      }),
    );
  });

  it('with corners on pixels’ edges fills exactly the pixels inside', () => {
    const canvas = { width: 6, height: 4, mask: new Uint8Array(24) };
    fillPolygon(
      canvas,
      [
        { x: 1, y: 1 },
        { x: 4, y: 1 },
        { x: 4, y: 3 },
        { x: 1, y: 3 },
      ],
      1,
    );
    expect(rows(canvas)).toEqual(rows(drawn('......', '.###..', '.###..', '......')));
  });
});
