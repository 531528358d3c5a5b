import { describe, expect, it } from 'vitest';
import { area, dice } from '../../../audit/imaging/measure.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { ERROR_KINDS, MILDEST_DICE, planErrors, plantError } from '../../../audit/damage/errors.ts';
import type { PlannedError } from '../../../audit/damage/errors.ts';
import { thickness } from '../../../audit/damage/damage.ts';
import { PHANTOM_STRUCTURES, phantomMasks } from '../../../audit/phantoms/phantom.ts';
import { ellipse } from '../imaging/masks.ts';

const ids = Array.from({ length: 100 }, (_, i) => `case ${i}`);
const structures = [...PHANTOM_STRUCTURES];

describe('planErrors', () => {
  it.each([
    [0, 0],
    [0.2, 20],
    [0.235, 24],
    [1, 100],
  ])('spoils the share %f of 100 cases: %i', (share, count) => {
    const plan = planErrors(ids, structures, { share, seed: 0 });
    expect(new Set(plan.map((error) => error.case)).size).toBe(count);
    const labels = plan.map((error) => `${error.case} ${error.structure}`);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('plans every kind and structure, mild and gross', () => {
    const plan = planErrors(ids, structures, { share: 0.2, seed: 0 });
    expect(new Set(plan.map((error) => error.kind))).toEqual(new Set(ERROR_KINDS));
    expect(new Set(plan.map((error) => error.structure))).toEqual(new Set(structures));
    expect(Math.min(...plan.map((error) => error.severity))).toBeLessThan(0.2);
    expect(Math.max(...plan.map((error) => error.severity))).toBeGreaterThan(0.8);
    expect(plan.every((error) => error.other !== error.case)).toBe(true);
  });

  it('depends on the seed', () => {
    const plan = planErrors(ids, structures, { share: 0.2, seed: 3 });
    expect(planErrors(ids, structures, { share: 0.2, seed: 3 })).toEqual(plan);
    expect(planErrors(ids, structures, { share: 0.2, seed: 4 })).not.toEqual(plan);
  });

  it('works with one case and with one structure', () => {
    const plan = planErrors(['only'], ['lung'], { share: 1, seed: 0 });
    expect(plan).toHaveLength(1);
    expect(plan[0].kind).not.toBe('other-patient');
  });
});

describe('plantError', () => {
  const truth = phantomMasks({ seed: 0, index: 4, size: 256 });
  const other = phantomMasks({ seed: 0, index: 1, size: 256 });
  const plan = (rest: Partial<PlannedError>): PlannedError => ({
    case: 'a',
    structure: 'lung',
    kind: 'shifted',
    severity: 0.5,
    other: 'b',
    seed: 1,
    ...rest,
  });

  for (const structure of PHANTOM_STRUCTURES) {
    it.each([...ERROR_KINDS])(
      `damages a ${structure}: %s, and more with a higher severity`,
      (kind) => {
        const dices = [0, 0.5, 1].map((severity) => {
          const planned = plan({ structure, kind, severity });
          const { mask, error } = plantError(truth[structure], planned, () => other[structure]);
          expect(error).toMatchObject({ case: 'a', structure, kind });
          expect(error.dice).toBe(dice(mask, truth[structure]));
          expect(error.dice).toBeLessThanOrEqual(MILDEST_DICE);
          expect(error.severity).toBeGreaterThanOrEqual(severity);
          expect(area(mask)).toBeGreaterThan(0);
          expect(mask.data.every((v) => v === 0 || v === 1)).toBe(true);
          return error.dice ?? NaN;
        });
        expect(dices[2]).toBeLessThanOrEqual(dices[1]);
        expect(dices[1]).toBeLessThanOrEqual(dices[0]);
        if (!['one-sided', 'swapped', 'other-patient'].includes(kind)) {
          expect(dices[0]).toBeGreaterThan(0.7);
        }
      },
    );
  }

  it('keeps only one of two sides for the kind one-sided', () => {
    const { mask } = plantError(truth.lung, plan({ kind: 'one-sided' }), () => other.lung);
    const sides = [0, 0];
    mask.data.forEach((v, i) => {
      if (v === 1) sides[i % 256 < 123 ? 0 : 1] += 1;
    });
    expect(Math.min(...sides)).toBe(0);
    expect(Math.max(...sides)).toBeGreaterThan(5000);
  });

  it('takes the mask of the other patient for the kind other-patient', () => {
    const planned = plan({ kind: 'other-patient', structure: 'heart' });
    expect(plantError(truth.heart, planned, () => other.heart).mask).toEqual(other.heart);
  });

  it('uses another kind, and records it, if a kind changes nothing', () => {
    const symmetric = ellipse({ width: 65, height: 65 }, [32, 32, 20, 12]);
    const { mask, error } = plantError(symmetric, plan({ kind: 'swapped' }), () => symmetric);
    expect(error.kind).toBe('missing-part');
    expect(dice(mask, symmetric)).toBeLessThanOrEqual(MILDEST_DICE);
  });

  it('refuses an empty mask', () => {
    const empty: Mask = { width: 8, height: 8, data: new Uint8Array(64) };
    expect(() => plantError(empty, plan({}), () => empty)).toThrow(RangeError);
  });
});

describe('thickness', () => {
  it('is the radius of the largest disc inside', () => {
    const shape = ellipse({ width: 200, height: 100 }, [100, 50, 80, 30]);
    expect(Math.abs(thickness(shape) - 30)).toBeLessThan(1.5);
  });
});
