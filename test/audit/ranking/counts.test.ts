import { describe, expect, it } from 'vitest';
import { cumulative, quantile } from '../../../audit/ranking/counts.ts';

/** P(at most `most` of the events happen), computed exactly from the probability of each event. */
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

describe('the number of events that happen, if each has its own probability', () => {
  it.each([
    ['rare events', 0.01, Array.from({ length: 200 }, (_, i) => 0.001 + i / 4000)],
    ['likely events', 0.01, Array.from({ length: 40 }, (_, i) => 0.6 + i / 110)],
    ['many events', 0.01, Array.from({ length: 400 }, (_, i) => i / 400)],
    // The approximation is worst if some events are nearly certain and the others nearly impossible.
    ['rare and likely events', 0.06, Array.from({ length: 60 }, (_, i) => (i < 10 ? 0.9 : 0.02))],
  ])('has nearly the exact distribution: %s', (_, off, chances) => {
    const moments = momentsOf(chances);
    const worst = Math.max(
      ...chances.map((__, most) => Math.abs(cumulative(moments, most) - exact(chances, most))),
    );
    expect(worst).toBeLessThan(off);
  });

  it('has no spread if every event is certain or impossible', () => {
    expect(cumulative({ mean: 3, variance: 0 }, 2)).toBeCloseTo(0, 6);
    expect(cumulative({ mean: 3, variance: 0 }, 3)).toBe(1);
    expect(cumulative({ mean: 0, variance: 0 }, 0)).toBe(1);
  });

  it('has quantiles over a weighted mixture of distributions', () => {
    const counts = [
      { weight: 0.5, mean: 2, variance: 0 },
      { weight: 0.5, mean: 7, variance: 0 },
    ];
    expect([0.05, 0.49, 0.51, 0.95].map((share) => quantile(counts, share, 10))).toEqual([
      2, 2, 7, 7,
    ]);
  });
});
