import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { components, dilate, erode } from '../../../audit/imaging/morphology.ts';
import { fillMaskHoles, keepLargest, removeIslands } from '../../../renderer/drawing/components.ts';
import { differenceRect, drawnRect } from '../../../renderer/drawing/difference.ts';
import { grow, shrink, smooth } from '../../../renderer/drawing/morphology.ts';
import { drawn, make, pictures, rows } from './masks.ts';
import type { Picture } from './masks.ts';

const slow = ({ width, height, mask }: Picture) => ({ width, height, data: mask });

/**
 * Fills holes the slow way: marks the background that is reached from the border over pixels' edges,
 * and fills all other pixels.
 */
function slowFill({ width, height, mask }: Picture): Uint8Array {
  const reached = new Uint8Array(width * height);
  const visit = (x: number, y: number): void => {
    const at = y * width + x;
    if (x < 0 || y < 0 || x >= width || y >= height || reached[at] === 1 || mask[at] === 1) return;
    reached[at] = 1;
    visit(x - 1, y);
    visit(x + 1, y);
    visit(x, y - 1);
    visit(x, y + 1);
  };
  for (let x = 0; x < width; x += 1) [0, height - 1].forEach((y) => visit(x, y));
  for (let y = 0; y < height; y += 1) [0, width - 1].forEach((x) => visit(x, y));
  return reached.map((value) => 1 - value);
}

/** Gives each pixel the majority of the pixels within `radius`, or its old value at a tie. */
function slowSmooth({ width, height, mask }: Picture, radius: number): Uint8Array {
  return make(width, height, (x, y) => {
    let balance = 0;
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        const [px, py] = [x + dx, y + dy];
        if (dx * dx + dy * dy > radius * radius) continue;
        if (px < 0 || py < 0 || px >= width || py >= height) continue;
        balance += mask[py * width + px] === 1 ? 1 : -1;
      }
    }
    return balance === 0 ? mask[y * width + x] === 1 : balance > 0;
  });
}

describe('operations on whole labels', () => {
  it('fill the holes that flood filling from the border does not reach', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { width, height, mask } = picture;
        const filled = fillMaskHoles(mask, width, height);
        expect(rows({ ...picture, mask: filled })).toEqual(
          rows({ ...picture, mask: slowFill(picture) }),
        );
      }),
    );
  });

  it('keep the largest part, the first of equals', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { components: parts, labels } = components(slow(picture));
        const most = Math.max(0, ...parts.map(({ area }) => area));
        const largest = parts.find(({ area }) => area === most)?.label;
        const wanted = picture.mask.map((_, i) => (labels[i] === largest ? 1 : 0));
        const kept = keepLargest(picture.mask, picture.width, picture.height);
        expect(rows({ ...picture, mask: kept })).toEqual(rows({ ...picture, mask: wanted }));
      }),
    );
  });

  it('remove the parts below a share of the area', () => {
    fc.assert(
      fc.property(pictures, fc.double({ min: 0, max: 0.6, noNaN: true }), (picture, share) => {
        const { components: parts, labels } = components(slow(picture));
        const all = parts.reduce((sum, { area }) => sum + area, 0);
        const stays = new Set(parts.filter(({ area }) => area >= share * all).map((p) => p.label));
        const wanted = picture.mask.map((_, i) => (stays.has(labels[i]) ? 1 : 0));
        const kept = removeIslands(picture.mask, picture.width, picture.height, share);
        expect(rows({ ...picture, mask: kept })).toEqual(rows({ ...picture, mask: wanted }));
      }),
    );
  });

  it('grow and shrink by a disc of one pixel', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { width, height, mask } = picture;
        expect(grow(mask, width, height)).toEqual(
          mask.includes(1) ? dilate(slow(picture), 1).data : mask,
        );
        expect(shrink(mask, width, height)).toEqual(
          mask.includes(0) ? erode(slow(picture), 1).data : mask,
        );
      }),
    );
  });

  it('smooth by the majority in a disc', () => {
    fc.assert(
      fc.property(pictures, fc.integer({ min: 1, max: 4 }), (picture, radius) => {
        const { width, height, mask } = picture;
        expect(rows({ ...picture, mask: smooth(mask, width, height, radius) })).toEqual(
          rows({ ...picture, mask: slowSmooth(picture, radius) }),
        );
      }),
    );
  });

  it('smooth takes a spur off and leaves a straight edge where it is', () => {
    const spur = make(30, 20, (x, y) => y >= 10 || x === 15);
    const smoothed = smooth(spur, 30, 20);
    expect(smoothed.subarray(0, 30 * 8).includes(1)).toBe(false);
    expect(smoothed.subarray(30 * 10).includes(0)).toBe(false);
  });

  it('do not change the mask that they are given', () => {
    fc.assert(
      fc.property(pictures, ({ width, height, mask }) => {
        const before = mask.slice();
        for (const operation of [fillMaskHoles, keepLargest, removeIslands, grow, shrink, smooth]) {
          operation(mask, width, height);
        }
        expect(mask).toEqual(before);
      }),
    );
  });

  it('join parts that touch by a corner, and close holes only by edges', () => {
    const { width, height, mask } = drawn('#....', '.#...', '..#..', '....#');
    expect(rows({ width, height, mask: keepLargest(mask, width, height) })).toEqual([
      '#....',
      '.#...',
      '..#..',
      '.....',
    ]);
    const ring = drawn('.....', '..#..', '.#.#.', '..#..', '.....');
    expect(fillMaskHoles(ring.mask, 5, 5)[12]).toBe(1);
  });
});

describe('the rectangle of a difference', () => {
  it('is the smallest that holds every pixel that differs', () => {
    fc.assert(
      fc.property(pictures, fc.array(fc.nat(600), { maxLength: 5 }), (picture, flips) => {
        const { width, height, mask } = picture;
        const other = mask.slice();
        const changed = new Set(flips.map((at) => at % mask.length));
        for (const at of changed) other[at] = 1 - other[at];
        const rect = differenceRect(mask, other, width, { x: 0, y: 0, width, height });
        if (changed.size === 0) {
          expect(rect).toBeNull();
          return;
        }
        const xs = [...changed].map((at) => at % width);
        const ys = [...changed].map((at) => Math.floor(at / width));
        const [x, y] = [Math.min(...xs), Math.min(...ys)];
        expect(rect).toEqual({
          x,
          y,
          width: Math.max(...xs) - x + 1,
          height: Math.max(...ys) - y + 1,
        });
      }),
    );
  });

  it('from an empty mask is the rectangle around all that is drawn', () => {
    fc.assert(
      fc.property(pictures, ({ width, height, mask }) => {
        const whole = { x: 0, y: 0, width, height };
        expect(drawnRect(mask, width, height)).toEqual(
          differenceRect(mask, new Uint8Array(mask.length), width, whole),
        );
      }),
    );
  });
});
