import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dilate, erode } from '../../../audit/imaging/morphology.ts';
import { applyNoise, planNoise } from '../../../audit/damage/noise.ts';
import { ellipse } from '../imaging/masks.ts';

const ids = Array.from({ length: 197 }, (_, i) => `JPCLN${String(i).padStart(3, '0')}`);
const structures = ['lung', 'heart', 'clavicle'];
const high = { share: 0.5, from: 5, to: 13, mode: 'both', seed: 0 } as const;

describe('planNoise', () => {
  it('damages every structure of exactly round(share · N) cases', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(1000), (share, seed) => {
        const plan = planNoise(ids, structures, { ...high, share, seed });
        const cases = new Set(plan.map((entry) => entry.case));
        expect(cases.size).toBe(Math.round(share * ids.length));
        expect(plan).toHaveLength(cases.size * structures.length);
      }),
      { numRuns: 30 },
    );
  });

  it('draws every radius of the range, and erodes about as often as it dilates', () => {
    const plan = planNoise(ids, structures, { ...high, share: 1 });
    expect([...new Set(plan.map((entry) => entry.radius))].sort((a, b) => a - b)).toEqual([
      5, 6, 7, 8, 9, 10, 11, 12, 13,
    ]);
    const erosions = plan.filter((entry) => entry.kind === 'eroded').length;
    // Each of 591 labels is eroded with probability ½: 49 is four standard deviations.
    expect(Math.abs(erosions - 295.5)).toBeLessThan(49);
  });

  it.each([
    ['erode', 'eroded'],
    ['dilate', 'dilated'],
  ] as const)('only uses one kind of damage in the mode %s', (mode, kind) => {
    const plan = planNoise(ids, structures, { ...high, mode });
    expect(plan.every((entry) => entry.kind === kind)).toBe(true);
  });

  it('depends on the seed, not on the order of the ids', () => {
    const plan = planNoise(ids, structures, high);
    expect(planNoise([...ids].reverse(), structures, high)).toEqual(plan);
    expect(planNoise(ids, structures, { ...high, seed: 1 })).not.toEqual(plan);
    expect(plan.slice(0, 3)).toMatchInlineSnapshot(`
      [
        {
          "case": "JPCLN000",
          "kind": "dilated",
          "radius": 5,
          "structure": "lung",
        },
        {
          "case": "JPCLN000",
          "kind": "eroded",
          "radius": 8,
          "structure": "heart",
        },
        {
          "case": "JPCLN000",
          "kind": "eroded",
          "radius": 5,
          "structure": "clavicle",
        },
      ]
    `);
  });

  it('damages one structure a case if asked to', () => {
    const plan = planNoise(ids, structures, { ...high, structures: 'one' });
    expect(plan).toHaveLength(Math.round(0.5 * ids.length));
    expect(new Set(plan.map((entry) => entry.case)).size).toBe(plan.length);
    expect(new Set(plan.map((entry) => entry.structure))).toEqual(new Set(structures));
  });

  it('refuses invalid shares and radii', () => {
    expect(() => planNoise(ids, structures, { ...high, share: 1.1 })).toThrow(RangeError);
    expect(() => planNoise(ids, structures, { ...high, from: 0 })).toThrow(RangeError);
    expect(() => planNoise(ids, structures, { ...high, from: 9, to: 8 })).toThrow(RangeError);
  });
});

describe('applyNoise', () => {
  it('uses the radius at 256² and scales it with the picture', () => {
    for (const size of [128, 256, 512]) {
      const mask = ellipse({ width: size, height: size }, [size / 2, size / 2, size / 4, size / 5]);
      const radius = (8 * size) / 256;
      const eroded = applyNoise(mask, { kind: 'eroded', radius: 8 });
      const dilated = applyNoise(mask, { kind: 'dilated', radius: 8 });
      expect(Buffer.compare(eroded.data, erode(mask, radius).data)).toBe(0);
      expect(Buffer.compare(dilated.data, dilate(mask, radius).data)).toBe(0);
    }
  });
});
