import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRuns, encodeRuns } from '../../../audit/contract/runs.ts';

describe('the run-length code of a mask', () => {
  it('decodes to the pixels that were encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 1, maxLength: 600 }), (pixels) => {
        expect(decodeRuns(encodeRuns(pixels), pixels.length)).toEqual(Uint8Array.from(pixels));
      }),
    );
    const long = new Uint8Array(70_000).fill(1, 3, 69_000);
    expect(encodeRuns(long)).toHaveLength(6);
    expect(decodeRuns(encodeRuns(long), long.length)).toEqual(long);
  });

  it('begins with a run of zeros, and stores lengths in groups of seven bits', () => {
    expect(encodeRuns(Uint8Array.of(1, 1, 0))).toEqual(Uint8Array.of(0, 2, 1));
    expect(encodeRuns(new Uint8Array(200))).toEqual(Uint8Array.of(0xc8, 0x01));
  });

  it('is refused unless the runs fill the mask exactly', () => {
    expect(() => decodeRuns(Uint8Array.of(5), 4)).toThrow(/too long/);
    expect(() => decodeRuns(Uint8Array.of(3), 4)).toThrow(/too short/);
    expect(() => decodeRuns(Uint8Array.of(0x84), 4)).toThrow(/cut off/);
  });
});
