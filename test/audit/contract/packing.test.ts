import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MaskPacking } from '../../../audit/contract/api.ts';
import { packMask, unpackMask } from '../../../audit/contract/packing.ts';

const masks = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.constantFrom(0, 1)), { maxLength: 12 })
  .map((runs) => Uint8Array.from(runs.flatMap(([n, value]) => new Array<number>(n).fill(value))));

describe('a packed mask', () => {
  it('comes back as it was, in every packing', () => {
    fc.assert(
      fc.property(masks, fc.constantFrom(...MaskPacking.options), (mask, packing) => {
        expect(unpackMask(packMask(mask, packing), mask.length, packing)).toEqual(mask);
      }),
    );
  });

  it('is refused if the bytes have another size or other values', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        fc.nat(600),
        fc.constantFrom(...MaskPacking.options),
        (bytes, pixels, packing) => {
          const mask = unpackMask(bytes, pixels, packing);
          if (mask === null) return;
          expect(mask).toHaveLength(pixels);
          expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
        },
      ),
    );
    expect(unpackMask(Uint8Array.of(2), 1, 'raw')).toBe(null);
    expect(unpackMask(Uint8Array.of(0x80), 0, 'runs')).toBe(null);
    expect(unpackMask(Uint8Array.of(3, 1), 5, 'runs')).toBe(null);
  });
});
