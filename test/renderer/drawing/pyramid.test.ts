import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  imagePyramid,
  LEVELS,
  maskPyramid,
  sizeAt,
  updateMaskPyramid,
} from '../../../renderer/drawing/pyramid.ts';
import { pictures } from './masks.ts';
import { percentiles } from '../../../renderer/case/window.ts';

describe('smaller versions of a mask', () => {
  it('are 0 exactly where no pixel is drawn, and 255 exactly where all pixels are drawn', () => {
    fc.assert(
      fc.property(pictures, ({ width, height, mask }) => {
        maskPyramid(mask, width, height).forEach((level, n) => {
          const side = 2 ** (n + 1);
          const across = sizeAt(width, n + 1);
          const wrong = level.findIndex((value, i) => {
            const values: number[] = [];
            const [left, top] = [(i % across) * side, Math.floor(i / across) * side];
            for (let y = top; y < Math.min(height, top + side); y += 1) {
              values.push(
                ...mask.subarray(y * width + left, y * width + Math.min(width, left + side)),
              );
            }
            const none = values.every((one) => one === 0);
            const all = values.every((one) => one === 1);
            return (value === 0) !== none || (value === 255) !== all;
          });
          expect(wrong).toBe(-1);
        });
      }),
    );
  });

  it('say which share is drawn, rounded at each level', () => {
    const mask = Uint8Array.from([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    const [half, quarter] = maskPyramid(mask, 4, 4);
    expect([...half]).toEqual([191, 0, 255, 255]);
    expect(quarter[0]).toBe(175);
  });

  it('are the same after an update of a rectangle as when they are made anew', () => {
    fc.assert(
      fc.property(
        pictures,
        fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99)),
        ({ width, height, mask }, [a, b, c, d]) => {
          const levels = maskPyramid(mask, width, height);
          const [x, y] = [a % width, b % height];
          const rect = { x, y, width: 1 + (c % (width - x)), height: 1 + (d % (height - y)) };
          for (let row = y; row < y + rect.height; row += 1) {
            for (let i = row * width + x; i < row * width + x + rect.width; i += 1)
              mask[i] = 1 - mask[i];
          }
          updateMaskPyramid(levels, mask, width, height, rect);
          expect(levels).toEqual(maskPyramid(mask, width, height));
        },
      ),
    );
  });
});

describe('smaller versions of an image', () => {
  it('hold the rounded means of the four samples above them, or of fewer at the edges', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat(65535), { minLength: 81, maxLength: 81 }),
        (width, height, values) => {
          const samples = Uint16Array.from(values.slice(0, width * height));
          const [half] = imagePyramid(samples, width, height);
          const across = sizeAt(width, 1);
          const wrong = half.findIndex((value, i) => {
            const [x, y] = [2 * (i % across), 2 * Math.floor(i / across)];
            const there = [
              [x, y],
              [x + 1, y],
              [x, y + 1],
              [x + 1, y + 1],
            ].filter(([px, py]) => px < width && py < height);
            const sum = there.reduce((all, [px, py]) => all + samples[py * width + px], 0);
            return value !== Math.floor(sum / there.length + 0.5);
          });
          expect(wrong).toBe(-1);
        },
      ),
    );
  });

  it('repeat an image of a single pixel', () => {
    const levels = imagePyramid(Uint8Array.of(9), 1, 1);
    expect(levels.map((level) => [...level])).toEqual(Array.from({ length: LEVELS }, () => [9]));
  });
});

describe('percentiles', () => {
  it('are those of the sorted samples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4095), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = Uint16Array.from(values).sort();
          const { low } = percentiles(Uint16Array.from(values), share, 1);
          expect(low).toBe(sorted[Math.min(values.length - 1, Math.floor(share * values.length))]);
        },
      ),
    );
  });
});
