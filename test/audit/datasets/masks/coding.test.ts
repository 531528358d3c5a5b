import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codingOf,
  maskOf,
  recode,
  unknownValues,
} from '../../../../audit/datasets/masks/coding.ts';
import type { Coding } from '../../../../audit/datasets/masks/coding.ts';
import { legendOf } from '../../../../audit/datasets/masks/legend.ts';
import type { Mask } from '../../../../audit/imaging/types.ts';

const values = (...data: number[]) => ({
  width: data.length,
  height: 1,
  data: Uint8Array.from(data),
});
const mask = (...data: number[]): Mask => ({
  width: data.length,
  height: 1,
  data: Uint8Array.from(data),
});
const plain: Coding = codingOf(
  [
    [1, 'lung'],
    [2, 'heart'],
  ],
  'values',
);
/** nnU-Net's nested regions: the whole has the values 1, 2 and 3, the core 2 and 3. */
const regions: Coding = [
  { structure: 'whole', values: [1, 2, 3] },
  { structure: 'core', values: [2, 3] },
];

describe('the coding of multi-valued masks', () => {
  it('by bits lets structures overlap, and loses nothing', () => {
    const legend = legendOf({ bits: { 0: 'lung', 3: 'heart' } });
    const bits = codingOf(legend.entries, legend.kind);
    const before = values(0, 1, 8, 9, 4);
    expect(bits.map((coded) => [...maskOf(before, coded).data])).toEqual([
      [0, 1, 0, 1, 0],
      [0, 0, 1, 1, 0],
    ]);
    expect(unknownValues(before, bits)).toEqual([4]);
    const { data, lost } = recode(before, bits, new Map([['heart', mask(1, 1, 0, 0, 1)]]));
    expect([...data]).toEqual([8, 9, 0, 1, 12]);
    expect(lost).toBe(0);
  });

  it('by bits is refused if a bit is out of range or a structure occurs twice', () => {
    expect(() => legendOf({ bits: { 16: 'lung' } })).toThrow(/whole bits from 0 to 15, not 16/);
    expect(() => legendOf({ bits: { 0: 'a', 1: 'a' } })).toThrow(/twice/);
  });

  it('by values lets later structures cover earlier ones, and counts the lost pixels', () => {
    const before = values(0, 1, 2, 7);
    const { data, lost } = recode(before, plain, new Map([['lung', mask(1, 1, 1, 1)]]));
    expect([...data]).toEqual([1, 1, 2, 1]);
    expect(lost).toBe(1);
  });

  it('by regions finds the value for the structures of a pixel, and keeps unchanged values', () => {
    const before = values(0, 1, 2, 3, 3);
    const { data, lost } = recode(before, regions, new Map([['core', mask(0, 1, 0, 1, 0)]]));
    expect([...data]).toEqual([0, 2, 1, 3, 1]);
    expect(lost).toBe(0);
    // No value means core without whole, so the first pixel gets the value of both and counts as lost.
    const outside = recode(before, regions, new Map([['core', mask(1, 0, 1, 1, 1)]]));
    expect([...outside.data]).toEqual([2, 1, 2, 3, 3]);
    expect(outside.lost).toBe(1);
  });

  it('keeps the value of every pixel whose structures did not change', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(plain, regions),
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0 }),
        (coding, data, at) => {
          const before = values(...data);
          const index = at % data.length;
          const drawn = maskOf(before, coding[1]);
          drawn.data[index] ^= 1;
          const after = recode(before, coding, new Map([[coding[1].structure, drawn]]));
          data.forEach((value, i) => {
            if (i !== index) expect(after.data[i]).toBe(value);
          });
          const read = maskOf({ ...before, data: after.data }, coding[1]);
          if (after.lost === 0) expect([...read.data]).toEqual([...drawn.data]);
        },
      ),
    );
  });
});
