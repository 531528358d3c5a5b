import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Region } from '../../../renderer/drawing/region.ts';
import { make, rows } from './masks.ts';

const [WIDTH, HEIGHT] = [40, 30];
const ground = (samples: Uint8Array, likely: Uint8Array | null = null) => ({
  width: WIDTH,
  height: HEIGHT,
  samples,
  span: 255,
  likely,
});
const canvas = () => ({ width: WIDTH, height: HEIGHT, mask: new Uint8Array(WIDTH * HEIGHT) });
const none = new Uint8Array(WIDTH * HEIGHT);

/** What a click with this tolerance draws. */
function grown(region: Region, tolerance: number, solid = false): Uint8Array {
  const drawing = canvas();
  region.write(drawing, none, tolerance, 1, solid);
  return drawing.mask;
}

describe('a region', () => {
  const inside = (x: number, y: number): boolean => Math.hypot(x - 15, y - 15) < 9;
  const bright = make(WIDTH, HEIGHT, inside).map((v) => 60 + 120 * v);

  it('grows over pixels like the clicked one, up to an edge', () => {
    const found = grown(new Region(ground(bright), 15, 15), 70);
    const wrong = found.filter((v, i) => v !== (bright[i] > 100 ? 1 : 0)).length;
    // The mean of each pixel's neighbours blurs the edge by a pixel.
    expect(wrong).toBeLessThan(60);
    expect(found[15 * WIDTH + 15]).toBe(1);
    expect(found[2 * WIDTH + 35]).toBe(0);
  });

  it('grows with the tolerance, and shrinks back to the same pixels', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 60, maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 128 }), { minLength: 2, maxLength: 6 }),
        (values, tolerances) => {
          const noise = Uint8Array.from(none, (_, i) => values[(i * 7) % 60]);
          const region = new Region(ground(noise), 20, 10);
          for (const tolerance of tolerances) {
            const direct = grown(new Region(ground(noise), 20, 10), tolerance);
            expect(rows({ ...canvas(), mask: grown(region, tolerance) })).toEqual(
              rows({ ...canvas(), mask: direct }),
            );
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('stops at the border of what the model finds likely, though the image goes on', () => {
    const grey = new Uint8Array(WIDTH * HEIGHT).fill(90);
    const likely = make(WIDTH, HEIGHT, inside).map((v) => 255 * v);
    const found = grown(new Region(ground(grey, likely), 15, 15), 40);
    expect(found).toEqual(make(WIDTH, HEIGHT, inside));
  });

  it('fills its holes when it is finished', () => {
    const spot = bright.slice();
    for (let y = 13; y < 18; y += 1) spot.fill(0, y * WIDTH + 10, y * WIDTH + 14);
    const region = new Region(ground(spot), 18, 15);
    expect(grown(region, 70)[15 * WIDTH + 12]).toBe(0);
    expect(grown(region, 70, true)[15 * WIDTH + 12]).toBe(1);
  });
});
