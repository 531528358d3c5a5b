import { describe, expect, it } from 'vitest';
import { cumulative, quantile } from '../../../audit/ranking/counts.ts';

/** P(count ≤ most) of unlike chances, summed one after the other. */
function exact(chances: readonly number[], most: number): number {
  let distribution = [1];
  for (const p of chances) {
    distribution = [...distribution, 0].map(
      (value, k) => value * (1 - p) + (k > 0 ? distribution[k - 1] * p : 0),
    );
  }
  return distribution.slice(0, most + 1).reduce((sum, value) => sum + value, 0);
}

const momentsOf = (chances: readonly number[]) => ({
  mean: chances.reduce((sum, p) => sum + p, 0),
  variance: chances.reduce((sum, p) => sum + p * (1 - p), 0),
});

describe('the number of unlike chances that come true', () => {
  it.each([
    ['rare ones', 0.01, Array.from({ length: 200 }, (_, i) => 0.001 + i / 4000)],
    ['likely ones', 0.01, Array.from({ length: 40 }, (_, i) => 0.6 + i / 110)],
    ['many', 0.01, Array.from({ length: 400 }, (_, i) => i / 400)],
    // The worst that there is: nearly certain ones beside nearly impossible ones.
    ['both', 0.06, Array.from({ length: 60 }, (_, i) => (i < 10 ? 0.9 : 0.02))],
  ])('is near the exact one of %s', (_, off, chances) => {
    const moments = momentsOf(chances);
    const worst = Math.max(
      ...chances.map((__, most) => Math.abs(cumulative(moments, most) - exact(chances, most))),
    );
    expect(worst).toBeLessThan(off);
  });

  it('is certain where every chance is', () => {
    expect(cumulative({ mean: 3, variance: 0 }, 2)).toBeCloseTo(0, 6);
    expect(cumulative({ mean: 3, variance: 0 }, 3)).toBe(1);
    expect(cumulative({ mean: 0, variance: 0 }, 0)).toBe(1);
  });

  it('has quantiles that mix what is believed', () => {
    const counts = [
      { weight: 0.5, mean: 2, variance: 0 },
      { weight: 0.5, mean: 7, variance: 0 },
    ];
    expect([0.05, 0.49, 0.51, 0.95].map((share) => quantile(counts, share, 10))).toEqual([
      2, 2, 7, 7,
    ]);
  });
});
