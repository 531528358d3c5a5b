import { describe, expect, it } from 'vitest';
import { posterior } from '../../../audit/ranking/posterior.ts';
import type { WeightedPoint } from '../../../audit/ranking/posterior.ts';

const meanOf = (points: readonly WeightedPoint[], i: number): number =>
  points.reduce((sum, { at, weight }) => sum + weight * at[i], 0);
const sdOf = (points: readonly WeightedPoint[], i: number): number => {
  const mean = meanOf(points, i);
  return Math.sqrt(points.reduce((sum, { at, weight }) => sum + weight * (at[i] - mean) ** 2, 0));
};

describe('the posterior of the parameters', () => {
  it('equals the prior without data', () => {
    const points = posterior({ mean: [1, -2, 3], sd: [1, 2, 0.5] }, () => 0);
    expect(points.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 3);
    for (const [i, [mean, sd]] of [
      [1, 1],
      [-2, 2],
      [3, 0.5],
    ].entries()) {
      expect(Math.abs(meanOf(points, i) - mean)).toBeLessThan(0.1 * sd);
      expect(sdOf(points, i) / sd).toBeCloseTo(1, 1);
    }
  });

  it('has the exact mean and deviation for normal data, however precise the data are', () => {
    for (const width of [1, 0.1, 0.01]) {
      // The data measure only the sum of the two parameters, so the posterior correlates them.
      const points = posterior(
        { mean: [0, 0], sd: [1, 1] },
        ([x, y]) => -(((x + y - 3) / width) ** 2) / 2,
      );
      const precision = 1 / width ** 2;
      const mean = (3 * precision) / (1 + 2 * precision);
      expect(meanOf(points, 0)).toBeCloseTo(mean, 1);
      expect(meanOf(points, 1)).toBeCloseTo(mean, 1);
      const sd = Math.sqrt(1 - precision / (1 + 2 * precision));
      expect(sdOf(points, 0) / sd).toBeCloseTo(1, 1);
    }
  });
});
