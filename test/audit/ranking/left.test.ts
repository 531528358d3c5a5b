import { describe, expect, it } from 'vitest';
import { FEWEST, FEWEST_CHECKS, estimateLeft } from '../../../audit/ranking/left.ts';
import type { JudgedLabel } from '../../../audit/ranking/left.ts';
import { OTHERWISE, SPECIFIED, reviewed } from './reviews.ts';
import type { Shape } from './reviews.ts';

const label = (z: number | null, error: boolean | null): JudgedLabel => ({ z, error, blind: null });
const many = (count: number, one: (i: number) => JudgedLabel): JudgedLabel[] =>
  Array.from({ length: count }, (_, i) => one(i));

/** Labels worst first: the first tenth is wrong, and the first `judged` have a verdict. */
const plain = (count: number, judged: number): JudgedLabel[] =>
  many(count, (i) => label(-6 + (10 * i) / count, i < judged ? i < count / 10 : null));

describe('the estimate of the errors that are left', () => {
  it('is null before there are enough verdicts', () => {
    const before = estimateLeft(plain(100, FEWEST - 1));
    expect(before).toMatchObject({ judged: FEWEST - 1, left: null, next: null, ahead: [] });
    expect(estimateLeft(plain(100, FEWEST)).left).not.toBeNull();
    expect(estimateLeft([]).left).toBeNull();
  });

  it('is the same for the same verdicts', () => {
    expect(estimateLeft(plain(300, 60))).toEqual(estimateLeft(plain(300, 60)));
  });

  it('is near 0 long after the last error was found, and 0 if no label is open', () => {
    const { left } = estimateLeft(plain(400, 300));
    expect(left?.low).toBe(0);
    expect(left?.expected).toBeLessThan(2);
    const done = estimateLeft(plain(400, 400));
    expect(done).toMatchObject({ open: 0, left: { expected: 0, low: 0, high: 0 } });
  });

  it('expects errors first among the next labels, and fewer the further the review goes', () => {
    const estimate = estimateLeft(plain(1000, 60));
    const { left, next, ahead } = estimate;
    expect(next?.labels).toBe(50);
    expect(next?.expected).toBeGreaterThan(25);
    expect(next?.expected).toBeLessThanOrEqual(left?.expected ?? 0);
    expect(ahead[0]).toEqual({ labels: 0, ...left });
    expect(ahead.at(-1)).toEqual({ labels: 940, expected: 0, low: 0, high: 0 });
    for (const [i, point] of ahead.entries()) {
      expect(point.low).toBeLessThanOrEqual(point.high);
      if (i > 0) expect(point.expected).toBeLessThanOrEqual(ahead[i - 1].expected);
    }
  });

  it('expects errors in labels without a score as often as in labels with one', () => {
    const scored = estimateLeft(plain(400, 100));
    const more = estimateLeft([...plain(400, 100), ...many(400, () => label(null, null))]);
    expect(more.open).toBe(scored.open + 400);
    // A tenth of the scored labels is wrong, so about 40 of the 400 labels without a score should be.
    expect((more.left?.expected ?? 0) - (scored.left?.expected ?? 0)).toBeGreaterThan(20);
    expect((more.left?.expected ?? 0) - (scored.left?.expected ?? 0)).toBeLessThan(80);
  });

  it('grows if blind checks at random places find errors', () => {
    const worst = many(100, (i) => label(-6 + i / 30, i < 60));
    const rest = many(2000, () => label(0, null));
    const checks = (errors: number): JudgedLabel[] =>
      many(20, (i) => ({
        z: 0,
        error: i < errors,
        blind: { kind: 'random', error: i < errors },
      }));
    const good = estimateLeft([...worst, ...rest, ...checks(0)]);
    const bad = estimateLeft([...worst, ...rest, ...checks(5)]);
    expect(bad.left?.low).toBeGreaterThan(good.left?.high ?? 0);
    expect(good.random).toMatchObject({ labels: 20, errors: 0 });
    expect(bad.random.errors).toBeGreaterThan(bad.random.expected?.high ?? 20);
    // There are no checks of the kind “ranked”, so nothing is estimated from them.
    expect(bad.ranked).toEqual({ labels: 0, errors: 0, expected: null });
  });

  it('compares blind checks of ranked labels with the open verdicts at the same scores', () => {
    const inSight = many(200, (i) => label(-4 + i / 50, i % 2 === 0));
    const blind = (errors: (i: number) => boolean): JudgedLabel[] =>
      many(40, (i) => {
        const error = errors(i);
        return { z: -4 + i / 10, error, blind: { kind: 'ranked', error } };
      });
    const same = estimateLeft([...inSight, ...blind((i) => i % 2 === 0)]).ranked;
    expect(same.errors).toBeGreaterThanOrEqual(same.expected?.low ?? 40);
    expect(same.errors).toBeLessThanOrEqual(same.expected?.high ?? 0);
    const milder = estimateLeft([...inSight, ...blind((i) => i % 8 === 0)]).ranked;
    expect(milder.errors).toBeLessThan(milder.expected?.low ?? 0);
    const few = blind(() => true).slice(0, FEWEST_CHECKS - 1);
    expect(estimateLeft([...inSight, ...few]).ranked.expected).toBeNull();
  });

  it('works for 300,000 labels', () => {
    const { left, open } = estimateLeft(plain(300_000, 300));
    expect(open).toBe(299_700);
    expect(left?.expected).toBeGreaterThan(left?.low ?? 0);
    expect(left?.expected).toBeLessThan(left?.high ?? 0);
  });
});

describe('the 90 % interval of the errors that are left', () => {
  /**
   * Estimates the errors left in simulated reviews.
   * @returns how many intervals hold the true number, and how many reviews there were
   */
  function coverage(shape: Shape): { held: number; all: number } {
    let [held, all] = [0, 0];
    for (const count of [30, 400, 5000]) {
      for (const share of [0.05, 0.1, 0.25, 0.5]) {
        for (const seed of count === 30 ? [1, 2] : [1]) {
          const { labels, left } = reviewed(shape, count, share, seed);
          const interval = estimateLeft(labels).left;
          if (!interval) continue;
          all += 1;
          if (left >= interval.low && left <= interval.high) held += 1;
        }
      }
    }
    return { held, all };
  }
  const total = { held: 0, all: 0 };

  it.each(Object.entries({ ...SPECIFIED, ...OTHERWISE }))('%s', (name, shape) => {
    const { held, all } = coverage(shape);
    total.held += held;
    total.all += all;
    if (name in SPECIFIED) expect(held / all).toBeGreaterThanOrEqual(0.8);
    else expect(held / all).toBeGreaterThanOrEqual(0.6);
  });

  it('holds the true number in 85 % to 98 % of all simulated reviews', () => {
    expect(total.all).toBeGreaterThanOrEqual(100);
    expect(total.held / total.all).toBeGreaterThanOrEqual(0.85);
    expect(total.held / total.all).toBeLessThanOrEqual(0.98);
  });
});
