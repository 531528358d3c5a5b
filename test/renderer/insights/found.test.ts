import { describe, expect, it } from 'vitest';
import { advice, againstChance, foundAt, lately } from '../../../renderer/insights/found.ts';

/** A curve with one point for each judged label; `errors` says which labels were errors. */
const curveOf = (errors: readonly boolean[]) => {
  const points = [{ reviewed: 0, found: 0 }];
  for (const error of errors) {
    const last = points[points.length - 1];
    points.push({ reviewed: last.reviewed + 1, found: last.found + (error ? 1 : 0) });
  }
  return points;
};
const many = (count: number, error: boolean): boolean[] => new Array<boolean>(count).fill(error);

describe('errors found', () => {
  it('are interpolated between the points of the curve', () => {
    const curve = [
      { reviewed: 0, found: 0 },
      { reviewed: 10, found: 5 },
      { reviewed: 20, found: 5 },
    ];
    expect([0, 4, 10, 15, 30].map((at) => foundAt(curve, at))).toEqual([0, 2, 5, 5, 5]);
  });

  it('of the last twenty labels are counted, or of as many as there are', () => {
    expect(lately(curveOf([]))).toBe(null);
    expect(lately(curveOf([true, false, true]))).toEqual({ labels: 3, errors: 2 });
    expect(lately(curveOf([...many(30, true), ...many(19, false), true]))).toEqual({
      labels: 20,
      errors: 1,
    });
  });

  it('are compared with chance, whose line ends at all labels and the same number of errors', () => {
    const { x, found, chance } = againstChance(curveOf([true, true, false, false]), 40);
    expect(x.at(-1)).toBe(40);
    expect(found.slice(-2)).toEqual([2, null]);
    expect(chance.at(-1)).toBeCloseTo(2);
    expect(chance[2]).toBeCloseTo(0.1);
    expect(againstChance(curveOf([true]), 1).x).toEqual([0, 1]);
  });
});

describe('advice', () => {
  it('depends on how frequent errors still are', () => {
    expect(advice(curveOf([]), 300)).toMatch(/Begin with the worst/);
    expect(advice(curveOf(many(5, true)), 300)).toMatch(/too early/);
    expect(advice(curveOf(many(40, true)), 300)).toMatch(/still frequent/);
    expect(advice(curveOf([...many(20, true), ...many(18, false), ...many(2, true)]), 300)).toMatch(
      /rarer/,
    );
    expect(advice(curveOf([...many(9, true), ...many(20, false)]), 300)).toMatch(/0 were errors/);
    expect(advice(curveOf(many(5, true)), 0)).toMatch(/Every label/);
  });
});
