import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskPyramid, sizeAt } from '../../../renderer/drawing/pyramid.ts';
import { blocksOf, blocksOfDifference, touching } from '../../../renderer/viewer/blocks.ts';
import type { Grid } from '../../../renderer/viewer/blocks.ts';
import { triangles } from '../../../renderer/viewer/painter.ts';
import { pictures } from '../drawing/masks.ts';
import type { Picture } from '../drawing/masks.ts';

const levels = fc.integer({ min: 1, max: 3 });

function gridOf({ width, height, mask }: Picture, level: number): Grid {
  return {
    values: maskPyramid(mask, width, height)[level - 1],
    across: sizeAt(width, level),
    down: sizeAt(height, level),
    side: 2 ** level,
    width,
    height,
  };
}

/** For each pixel of the picture, the number of rectangles that contain it. */
function cover(rects: Float32Array, { width, height }: Picture): Uint8Array {
  const counts = new Uint8Array(width * height);
  for (let i = 0; i < rects.length; i += 4) {
    for (let y = rects[i + 1]; y < rects[i + 3]; y += 1) {
      for (let x = rects[i]; x < rects[i + 2]; x += 1) counts[y * width + x] += 1;
    }
  }
  return counts;
}

/** Whether a pixel within `reach` of (x, y) has another value; outside of the image all pixels are 0. */
function isNearEdge(
  { width, height, mask }: Picture,
  x: number,
  y: number,
  reach: number,
): boolean {
  const value = mask[y * width + x];
  for (let row = y - reach; row <= y + reach; row += 1) {
    for (let column = x - reach; column <= x + reach; column += 1) {
      const inside = row >= 0 && column >= 0 && row < height && column < width;
      if ((inside ? mask[row * width + column] : 0) !== value) return true;
    }
  }
  return false;
}

describe('the blocks in which a label is drawn', () => {
  it('hold every pixel of the label once, and every pixel within a block of its outline as mixed', () => {
    fc.assert(
      fc.property(pictures, levels, (picture, level) => {
        const { width, mask } = picture;
        const { full, mixed } = blocksOf(gridOf(picture, level));
        const [inFull, inMixed] = [cover(full, picture), cover(mixed, picture)];
        const wrong = mask.findIndex((value, i) => {
          const near = isNearEdge(picture, i % width, Math.floor(i / width), 2 ** level);
          if (inFull[i] + inMixed[i] > 1) return true;
          if (near) return inMixed[i] !== 1;
          return value === 1 ? inFull[i] + inMixed[i] !== 1 : inFull[i] === 1;
        });
        expect(wrong).toBe(-1);
      }),
    );
  });

  it('are none for a mask in which nothing is drawn', () => {
    const empty = { width: 20, height: 20, mask: new Uint8Array(400) };
    const { full, mixed } = blocksOf(gridOf(empty, 2));
    expect([full.length, mixed.length]).toEqual([0, 0]);
  });

  it('of a difference hold every pixel in which two masks differ', () => {
    fc.assert(
      fc.property(
        pictures,
        fc.array(fc.nat(600), { maxLength: 8 }),
        levels,
        (picture, at, level) => {
          const other = { ...picture, mask: picture.mask.slice() };
          for (const i of at) other.mask[i % other.mask.length] ^= 1;
          const rects = blocksOfDifference(gridOf(picture, level), gridOf(other, level));
          const covered = cover(rects, picture);
          const missed = picture.mask.findIndex((v, i) => v !== other.mask[i] && covered[i] !== 1);
          expect(missed).toBe(-1);
        },
      ),
    );
  });

  it('can be reduced to those that touch the rectangle that is drawn anew', () => {
    const rects = Float32Array.of(0, 0, 8, 8, 8, 0, 16, 8, 40, 40, 48, 48);
    const kept = touching(rects, { x: 9, y: 2, width: 3, height: 3 });
    expect([...kept]).toEqual([8, 0, 16, 8]);
  });

  it('become two triangles each', () => {
    expect([...triangles(Float32Array.of(1, 2, 5, 7))]).toEqual([
      1, 2, 5, 2, 1, 7, 1, 7, 5, 2, 5, 7,
    ]);
  });
});
