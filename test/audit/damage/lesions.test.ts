import { describe, expect, it } from 'vitest';
import { plantLesionError, planLesionErrors } from '../../../audit/damage/lesions.ts';
import { area, dice } from '../../../audit/imaging/measure.ts';
import { phantomMasks } from '../../../audit/phantoms/phantom.ts';

const ids = Array.from({ length: 40 }, (_, i) => `c${i}`);
const present = ids.slice(0, 10);

describe('the errors of lesions', () => {
  it('are a share of the lesions, of every kind in turn, one in a case', () => {
    const plan = planLesionErrors(ids, present, { share: 0.5, seed: 1 });
    expect(plan.map(({ kind }) => kind).sort()).toEqual([
      ...['dilated', 'half', 'invented', 'omitted', 'shifted'],
    ]);
    expect(new Set(plan.map((one) => one.case)).size).toBe(5);
    for (const { kind, case: id, other } of plan) {
      expect(present.includes(id)).toBe(kind !== 'invented');
      expect(present).toContain(other);
    }
    expect(planLesionErrors(ids, present, { share: 0.5, seed: 1 })).toEqual(plan);
    expect(planLesionErrors(ids, present, { share: 0.5, seed: 2 })).not.toEqual(plan);
    expect(planLesionErrors(ids, [], { share: 1, seed: 0 })).toEqual([]);
    const all = planLesionErrors(present, present, { share: 1, seed: 0 });
    expect(all.some(({ kind }) => kind === 'invented')).toBe(false);
    expect(() => planLesionErrors(ids, present, { share: 2, seed: 0 })).toThrow(RangeError);
  });

  const common = { seed: 0, size: 256 };
  const truth = phantomMasks({ ...common, index: 0, lesion: true }).lesion;
  const none = phantomMasks({ ...common, index: 0 }).lesion;
  const other = phantomMasks({ ...common, index: 1, lesion: true }).lesion;

  it.each(planLesionErrors(ids, present, { share: 1, seed: 3 }))('$kind', (planned) => {
    const given = planned.kind === 'invented' ? none : truth;
    const { mask, error } = plantLesionError(given, planned, 'lesion', () => other);
    expect(error).toMatchObject({ case: planned.case, structure: 'lesion', kind: planned.kind });
    expect(error.dice).toBe(dice(mask, given));
    expect(error.dice).toBeLessThanOrEqual(0.85);
    const relative = area(mask) / area(truth);
    if (planned.kind === 'omitted') expect(area(mask)).toBe(0);
    if (planned.kind === 'invented') expect(mask).toEqual(other);
    if (planned.kind === 'half') expect(relative).toBeCloseTo(0.5, 1);
    if (planned.kind === 'dilated') expect(relative).toBeGreaterThan(1.3);
    if (planned.kind === 'shifted') expect(relative).toBeCloseTo(1, 1);
  });
});
