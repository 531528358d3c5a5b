import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { outlinePath, outlines } from '../../../audit/report/contour.ts';

/** The signed area of a closed line (shoelace formula); the sign is its direction. */
function area(line: readonly (readonly [number, number])[]): number {
  return (
    line.reduce((sum, [x, y], i) => {
      const [u, v] = line[(i + 1) % line.length];
      return sum + x * v - u * y;
    }, 0) / 2
  );
}

function disc(size: number, radius: number, cx = size / 2, cy = size / 2): number[] {
  return Array.from({ length: size * size }, (_, i) => {
    const x = (i % size) + 0.5 - cx;
    const y = Math.floor(i / size) + 0.5 - cy;
    return radius - Math.hypot(x, y);
  });
}

describe('outlines', () => {
  it('follow a smooth field also between its samples', () => {
    const found = outlines({ width: 40, height: 40, data: disc(40, 12) }, 0);
    expect(found).toHaveLength(1);
    for (const [x, y] of found[0]) expect(Math.hypot(x - 20, y - 20)).toBeCloseTo(12, 1);
    expect(Math.abs(area(found[0]))).toBeCloseTo(Math.PI * 144, -1);
  });

  it('run around a hole in the opposite direction', () => {
    const hole = disc(40, 6);
    const data = disc(40, 15).map((value, i) => Math.min(value, -hole[i]));
    const areas = outlines({ width: 40, height: 40, data }, 0).map(area);
    expect(areas).toHaveLength(2);
    expect(Math.sign(areas[0])).toBe(-Math.sign(areas[1]));
  });

  it('are closed along the border where a shape is cut off', () => {
    const data = new Array<number>(9).fill(1);
    const [line, ...more] = outlines({ width: 3, height: 3, data }, 0.5);
    expect(more).toHaveLength(0);
    // The outline cuts each of the four corners off, a triangle of area 0.125.
    expect(Math.abs(area(line))).toBeCloseTo(9 - 4 * 0.125, 4);
  });

  it('enclose every inside pixel of any mask, and no outside pixel', () => {
    const mask = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(mask, (data) => {
        const found = outlines({ width: 6, height: 5, data }, 0.5);
        data.forEach((value, i) => {
          const [px, py] = [(i % 6) + 0.5, Math.floor(i / 6) + 0.5];
          let crossings = 0;
          for (const line of found) {
            line.forEach(([x, y], k) => {
              const [u, v] = line[(k + 1) % line.length];
              const at = py + 1e-7;
              if (y > at !== v > at && px < x + ((at - y) / (v - y)) * (u - x) + 1e-5)
                crossings += 1;
            });
          }
          expect(crossings % 2).toBe(value);
        });
      }),
    );
  });

  it('become SVG path data, scaled to their place and without needless points', () => {
    const data = [0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
    const field = { width: 4, height: 4, data };
    const path = outlinePath(field, 0.5, { x0: 1, y0: 1, scaleX: 10, scaleY: 10 });
    expect(path).toMatch(/^M[-\d. L]+Z$/);
    expect(path).toContain('5.0 0.0');
    expect(
      outlinePath({ ...field, data: data.map(() => 0) }, 0.5, {
        x0: 0,
        y0: 0,
        scaleX: 1,
        scaleY: 1,
      }),
    ).toBe('');
  });
});
