import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WrongBrush, brushOf, paintBrush } from '../../../audit/imaging/brush-rle.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { anyMask, ofBits, rowsOf } from './masks.ts';

/** Brushes and their masks; `make.py` in the same folder made them with label-studio-converter. */
const fixture = new URL('../fixtures/labelstudio/brushes.json', import.meta.url);
const brushes = JSON.parse(readFileSync(fixture, 'utf8')) as {
  width: number;
  height: number;
  plain: boolean;
  rle: number[];
  bits: string;
}[];

function painted(bytes: readonly number[], width: number, height: number): Mask {
  const mask = { width, height, data: new Uint8Array(width * height) };
  paintBrush(Uint8Array.from(bytes), mask);
  return mask;
}

describe('a brush of Label Studio', () => {
  it.each(brushes.map((one, i) => [i, one] as const))(
    'has the pixels that label-studio-converter reads (%i)',
    (_, { width, height, rle, bits }) => {
      expect(rowsOf(painted(rle, width, height))).toEqual(rowsOf(ofBits(width, height, bits)));
    },
  );

  it('is encoded to the same bytes as by label-studio-converter', () => {
    const plain = brushes.filter((one) => one.plain);
    for (const { width, height, rle, bits } of plain) {
      expect(brushOf(ofBits(width, height, bits))).toEqual(rle);
    }
    expect(plain.length).toBe(5);
  });

  it('decodes to the mask that was encoded', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        expect(rowsOf(painted(brushOf(mask), mask.width, mask.height))).toEqual(rowsOf(mask));
      }),
    );
  });

  it('is refused if it is of the wrong size or cut off', () => {
    const [{ width, height, rle }] = brushes;
    expect(() => painted(rle, width, height + 1)).toThrow(WrongBrush);
    expect(() => painted(rle.slice(0, -2), width, height)).toThrow('cut off');
    expect(() => painted([], width, height)).toThrow('cut off');
  });

  it('is decoded from any bytes to a mask, or refused with a WrongBrush error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          painted([0, 0, 0, 48, ...bytes], 4, 3);
        } catch (error) {
          expect(error).toBeInstanceOf(WrongBrush);
        }
      }),
    );
  });
});
