import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCollapse } from '../../trainer/collapse.ts';
import {
  averageRanks,
  knownMean,
  mean,
  median,
  pearson,
  quantiles,
  spearman,
} from '../../models/statistics.ts';

describe('means', () => {
  it('leave unknown values out', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean([])).toBeNaN();
    expect(knownMean([1, null, 5, undefined])).toBe(3);
    expect(knownMean([null])).toBeNull();
  });
});

describe('the median', () => {
  it('is the middle value, or the mean of the two middle values', () => {
    expect(median([10, 9, 2])).toBe(9);
    expect(median([5, 1, 4, 2])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('is the one that sorting finds, whatever the values and however many are equal', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double());
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
        const sorted = Float64Array.from(values).sort();
        const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
        // `+ 0` turns −0 into 0, since the sign of a zero does not matter.
        expect(median(values) + 0).toBe((sorted.length % 2 === 1 ? high : (low + high) / 2) + 0);
      }),
    );
  });
});

describe('quantiles', () => {
  // The expected values are those of numpy.quantile([1, 2, 4, 8], [0.05, 0.5, 0.95]).
  it('are interpolated between the sorted values', () => {
    const [low, middle, high] = quantiles([8, 1, 4, 2], [0.05, 0.5, 0.95]) ?? [];
    expect(low).toBeCloseTo(1.15, 12);
    expect(middle).toBe(3);
    expect(high).toBeCloseTo(7.4, 12);
    expect(quantiles([], [0.5])).toBeNull();
  });
});

describe('correlations', () => {
  it('give equal values the mean of their ranks', () => {
    expect([...averageRanks([10, 30, 10, 20])]).toEqual([1.5, 4, 1.5, 3]);
  });

  it('compare values (Pearson) or ranks (Spearman)', () => {
    expect(pearson([1, 2, 3], [1, 2, 9])).toBeCloseTo(0.9176629354822471, 12);
    expect(spearman([1, 2, 3], [1, 2, 9])).toBe(1);
    expect(spearman([3, 2, 1], [1, 2, 9])).toBe(-1);
    expect(() => pearson([1], [1, 2])).toThrow(RangeError);
  });

  it('are null where one side does not vary', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(pearson([1, 2, 3], [5, 5, 5])).toBeNull();
  });

  it('are null in the collapse detector, too', () => {
    const label = { structure: 0, area: 0.1, proposalArea: 0.1 };
    const cases = [0.5, 0.7, 0.9].map((dice, index) => ({
      index,
      score: 1,
      labels: [{ ...label, dice }],
    }));
    const { signs, collapsed } = judgeCollapse(cases, ['lung'], 'overread');
    expect(signs['agreement']).toBeNull();
    expect(signs['size lung']).toBeNull();
    expect(collapsed).toBe(false);
  });
});
