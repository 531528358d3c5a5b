import { describe, expect, it } from 'vitest';
import type { Raster } from '../../../../audit/codecs/index.ts';
import {
  binaryMask,
  fitToImage,
  labelValues,
  maskOfValue,
} from '../../../../audit/datasets/masks/masks.ts';
import { drawn, rectangle } from '../fixtures.ts';

const grey = (values: number[], more: Partial<Raster> = {}): Raster => ({
  format: 'png',
  width: values.length,
  height: 1,
  bits: 8,
  channels: 1,
  data: Uint8Array.from(values),
  ...more,
});

describe('binary masks', () => {
  it('take the larger of two values as inside, whatever the values are', () => {
    for (const [low, high] of [
      [0, 1],
      [0, 255],
      [0, 38],
      [7, 9],
    ]) {
      const { mask, note } = binaryMask(grey([low, high, high, low]));
      expect(drawn(mask)).toBe('.##.');
      expect(note).toBeUndefined();
    }
  });

  it('are empty if all pixels are 0, and full if all have one other value', () => {
    expect(drawn(binaryMask(grey([0, 0])).mask)).toBe('..');
    expect(drawn(binaryMask(grey([255, 255])).mask)).toBe('##');
  });

  it('with values in between are cut at half of the maximum, with a note', () => {
    const { mask, note } = binaryMask(grey([0, 99, 100, 200]));
    expect(drawn(mask)).toBe('..##');
    expect(note).toMatch(/cut at half/);
  });

  it('are read from palettes (by brightness), from 16 bits, and from grey pictures in colour files', () => {
    const palette = Uint8Array.of(255, 255, 255, 0, 0, 0);
    expect(drawn(binaryMask(grey([0, 1, 1], { palette })).mask)).toBe('#..');
    const deep = grey([], { width: 2, bits: 16, data: Uint16Array.of(0, 65535) });
    expect(drawn(binaryMask(deep).mask)).toBe('.#');
    const colour = grey([], { width: 2, channels: 3, data: Uint8Array.of(0, 0, 0, 9, 9, 9) });
    expect(drawn(binaryMask(colour).mask)).toBe('.#');
  });

  it('are refused if they have many values, and not cut at half of the maximum', () => {
    expect(() => binaryMask(grey([0, 1, 2, 3]))).toThrow(/0, 1, 2, 3, not two/);
  });
});

describe('multi-valued masks', () => {
  it('give one mask per value, also if the values are palette indices', () => {
    const palette = Uint8Array.of(0, 0, 0, 128, 0, 0, 0, 128, 0);
    const values = labelValues(grey([0, 1, 2, 1], { palette }));
    expect(drawn(maskOfValue(values, 1))).toBe('.#.#');
    expect(drawn(maskOfValue(values, 3))).toBe('....');
  });

  it('are refused if they are colour pictures', () => {
    const colour = grey([], { width: 1, channels: 3, data: Uint8Array.of(1, 2, 3) });
    expect(() => labelValues(colour)).toThrow(/one number per pixel/);
  });
});

describe('a mask of another size', () => {
  const mask = rectangle(8, 4, { x: 2, y: 1, w: 4, h: 2 });

  it('is resampled with a note if it has the aspect of the image', () => {
    const fitted = fitToImage(mask, { width: 16, height: 8 });
    expect(drawn(fitted.mask)).toBe(drawn(rectangle(16, 8, { x: 4, y: 2, w: 8, h: 4 })));
    expect(fitted.note).toBe('is 8 × 4, its image 16 × 8: resampled.');
    expect(fitToImage(mask, { width: 8, height: 4 }).note).toBeUndefined();
  });

  it('is refused if the aspects differ', () => {
    expect(() => fitToImage(mask, { width: 16, height: 9 })).toThrow(/another aspect ratio/);
    expect(() => fitToImage(mask, { width: 4, height: 8 })).toThrow(/another aspect ratio/);
  });
});
