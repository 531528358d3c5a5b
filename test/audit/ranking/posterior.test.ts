import { describe, expect, it } from 'vitest';
import { posterior } from '../../../audit/ranking/posterior.ts';
import type { WeightedPoint } from '../../../audit/ranking/posterior.ts';

const meanOf = (points: readonly WeightedPoint[], i: number): number =>
  points.reduce((sum, { at, weight }) => sum + weight * at[i], 0);
const sdOf = (points: readonly WeightedPoint[], i: number): number => {
  const mean = meanOf(points, i);
  return Math.sqrt(points.reduce((sum, { at, weight }) => sum + weight * (at[i] - mean) ** 2, 0));
};

describe('the posterior', () => {
  it('is the prior where nothing is known', () => {
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

  it('is what normal data make of it, however sharp they are', () => {
    for (const width of [1, 0.1, 0.01]) {
      // The sum of both parameters is measured: they are bound to each other.
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
