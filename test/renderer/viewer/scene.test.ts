import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../../renderer/drawing/pyramid.ts';
import { padded, spreadBytes } from '../../../renderer/viewer/planes.ts';
import { colourOf, damageOf, detailFor, rangeOf, REACH } from '../../../renderer/viewer/scene.ts';
import { lengthWords, windowWords } from '../../../renderer/viewer/words.ts';
import { pictures } from '../drawing/masks.ts';

const scales = fc.double({ min: 0.02, max: 64, noNaN: true });
const densities = fc.constantFrom(1, 1.25, 2, 3);

describe('levels of detail', () => {
  it('have pixels of about the size of the screen’s when an image is shown small', () => {
    fc.assert(
      fc.property(fc.double({ min: 1 / 40, max: 1, noNaN: true }), (scale) => {
        const { image, mask } = detailFor(scale, 1);
        expect(2 ** image * scale).toBeGreaterThan(0.7);
        expect(2 ** image * scale).toBeLessThan(1.42);
        expect(2 ** mask * scale).toBeLessThan(1.6);
      }),
    );
  });

  it('are the image itself, with pixels as squares, when it is shown large', () => {
    expect(detailFor(1, 1)).toMatchObject({ image: 0, mask: 0, sharp: 1 });
    expect(detailFor(2.5, 1).sharp).toBe(1);
    expect(detailFor(8, 1).sharp).toBe(8);
  });

  it('have blocks larger than the surroundings that are read for a pixel', () => {
    fc.assert(
      fc.property(scales, densities, (scale, density) => {
        const { mask, block } = detailFor(scale, density);
        const looked = REACH * density + 2 ** mask * scale;
        if (block < LEVELS) expect(2 ** block * scale).toBeGreaterThan(looked);
      }),
    );
  });
});

describe('the rectangle that is drawn anew after a stroke', () => {
  it('holds the changed pixels and the outline around them', () => {
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(2000), scales, densities, (x, y, scale, density) => {
        const view = { scale, x: 13.7, y: -20.2 };
        const rect = { x, y, width: 5, height: 4 };
        const damage = damageOf(rect, view, density, 1600, 1200);
        const left = (x * scale + view.x) * density - REACH * density;
        const top = (y * scale + view.y) * density - REACH * density;
        if (left < 0 || top < 0 || left > 1599 || top > 1199) return;
        expect(damage).not.toBeNull();
        expect(damage?.x).toBeLessThanOrEqual(left);
        expect(damage?.y).toBeLessThanOrEqual(top);
        expect((damage?.x ?? 0) + (damage?.width ?? 0)).toBeGreaterThanOrEqual(
          Math.min(1600, left + 5 * scale * density),
        );
      }),
    );
  });

  it('is nothing outside of the stage', () => {
    const rect = { x: 900, y: 900, width: 5, height: 5 };
    expect(damageOf(rect, { scale: 1, x: 0, y: 0 }, 1, 500, 500)).toBeNull();
  });
});

describe('the data of a texture', () => {
  it('has 255 for each 1, in rows of whole 4-byte words', () => {
    fc.assert(
      fc.property(pictures, ({ width, height, mask }) => {
        const stride = (width + 3) & ~3;
        const bytes = spreadBytes(mask, width, { x: 0, y: 0, width, height });
        const wrong = mask.findIndex(
          (v, i) => bytes[Math.floor(i / width) * stride + (i % width)] !== 255 * v,
        );
        expect(wrong).toBe(-1);
      }),
    );
  });

  it('has sides that every level halves exactly', () => {
    expect([padded(1), padded(64), padded(65), padded(2048)]).toEqual([64, 64, 128, 2048]);
  });
});

describe('the stage', () => {
  it('turns values into colours, ranges and words', () => {
    expect(colourOf('#ff8000')).toEqual([1, 128 / 255, 0]);
    expect(rangeOf(Float32Array.of(2, -1, 0.5))).toEqual([-1, 2]);
    expect(rangeOf(Float32Array.of(3, 3))).toEqual([2.5, 3.5]);
    expect(windowWords({ low: 685, high: 2995, invert: false })).toBe('W 2310 L 1840');
    expect(windowWords({ low: 0, high: 255, invert: true })).toBe('W 255 L 128 inverted');
    const [from, to] = [
      { x: 0, y: 0 },
      { x: 3, y: 4 },
    ];
    expect(lengthWords(from, to, null)).toBe('5.0 px');
    expect(lengthWords(from, to, [0.2, 0.1])).toBe('5.0 px · 0.7 mm');
  });
});
