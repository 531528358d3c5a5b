import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resampleImage, resampleMask } from '../../../audit/imaging/resample.ts';
import type { GreyImage } from '../../../audit/imaging/types.ts';
import { anyMask, drawn, ellipse, rowsOf } from './masks.ts';

const image16 = (width: number, height: number, values: number[]): GreyImage => ({
  width,
  height,
  bits: 16,
  data: Uint16Array.from(values),
});

/** Area averaging by its definition: the mean of the picture over the area of each target pixel. */
function areaAverage(image: GreyImage, width: number, height: number): number[] {
  const result: number[] = [];
  const overlap = (a: number, b: number, c: number): number =>
    Math.max(0, Math.min(b, c + 1) - Math.max(a, c));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [sx, sy] = [image.width / width, image.height / height];
      let sum = 0;
      for (let j = 0; j < image.height; j += 1) {
        for (let i = 0; i < image.width; i += 1) {
          const share = overlap(x * sx, (x + 1) * sx, i) * overlap(y * sy, (y + 1) * sy, j);
          sum += share * image.data[j * image.width + i];
        }
      }
      result.push(sum / (sx * sy));
    }
  }
  return result;
}

describe('resampleImage', () => {
  it('averages areas when it shrinks a picture', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, size, size, fc.infiniteStream(fc.nat(65535)), (w, h, a, b, s) => {
        const image = image16(w, h, [...s.take(w * h)]);
        const [width, height] = [Math.min(a, w), Math.min(b, h)];
        const expected = areaAverage(image, width, height);
        resampleImage(image, width, height).forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(0.52);
        });
      }),
    );
  });

  it('interpolates between pixel centres when it enlarges a picture', () => {
    expect([...resampleImage(image16(2, 1, [0, 40000]), 4, 1)]).toEqual([0, 10000, 30000, 40000]);
    expect([...resampleImage(image16(1, 2, [100, 200]), 1, 4)]).toEqual([100, 125, 175, 200]);
    expect([...resampleImage(image16(1, 1, [7]), 2, 2)]).toEqual([7, 7, 7, 7]);
  });

  it('shrinks one axis and enlarges the other', () => {
    const image = image16(4, 1, [0, 100, 200, 300]);
    expect([...resampleImage(image, 2, 2)]).toEqual([50, 250, 50, 250]);
  });

  it.each([
    [8, 255],
    [10, 1023],
    [12, 4095],
    [1, 1],
  ])('scales %i bits to the full range', (bits, white) => {
    const data = Uint16Array.of(0, white, 0, white);
    const image: GreyImage = { width: 2, height: 2, bits, data };
    expect([...resampleImage(image, 2, 2)]).toEqual([0, 65535, 0, 65535]);
    expect([...resampleImage(image, 1, 1)]).toEqual([32768]);
  });

  it('makes a sample that is too large for its bits white, not black', () => {
    const image: GreyImage = { width: 1, height: 1, bits: 12, data: Uint16Array.of(5000) };
    expect([...resampleImage(image, 1, 1)]).toEqual([65535]);
  });

  it('keeps a constant picture constant at any size', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, size, fc.nat(65535), (w, h, width, height, grey) => {
        const image = image16(w, h, new Array<number>(w * h).fill(grey));
        expect(resampleImage(image, width, height).every((v) => Math.abs(v - grey) <= 1)).toBe(
          true,
        );
      }),
    );
  });

  it('refuses invalid sizes', () => {
    expect(() => resampleImage(image16(1, 1, [0]), 0, 4)).toThrow(RangeError);
    expect(() => resampleImage(image16(1, 1, [0]), 2.5, 4)).toThrow(RangeError);
  });
});

describe('resampleMask', () => {
  it('sets a pixel if at least half of its area is covered', () => {
    const mask = drawn('##..', '....', '#.##', '.#..');
    expect(rowsOf(resampleMask(mask, 2, 2))).toEqual(['#.', '##']);
  });

  it('copies at the same size', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        const copy = resampleMask(mask, mask.width, mask.height);
        expect(copy).toEqual(mask);
        expect(copy.data).not.toBe(mask.data);
      }),
    );
  });

  it('returns the same mask after it was enlarged by a whole factor and shrunk again', () => {
    fc.assert(
      fc.property(anyMask, fc.constantFrom(3, 4), (mask, factor) => {
        const { width, height } = mask;
        const data = new Uint8Array(width * height * factor * factor);
        for (let i = 0; i < data.length; i += 1) {
          const [x, y] = [i % (width * factor), Math.floor(i / (width * factor))];
          data[i] = mask.data[Math.floor(y / factor) * width + Math.floor(x / factor)]!;
        }
        const grown = { width: width * factor, height: height * factor, data };
        expect(resampleMask(grown, width, height)).toEqual(mask);
      }),
    );
  });

  it('keeps the position and size of a shape', () => {
    const large = ellipse({ width: 512, height: 512 }, [200.5, 260.5, 120, 90]);
    const small = resampleMask(large, 128, 128);
    const expected = ellipse({ width: 128, height: 128 }, [49.75, 64.75, 30, 22.5]);
    const wrong = small.data.filter((v, i) => v !== expected.data[i]).length;
    expect(wrong).toBeLessThan(12);
  });
});
