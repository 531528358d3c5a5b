/** The distribution of the number of events that happen, if each event has a probability of its own. */

/** If the variance is at least this, the normal distribution replaces the binomial one. */
const NORMAL = 30;
/** A count further from the mean than this, in standard deviations, has the probability 0. */
const FAR = 8;

/** The mean and variance of a count for one set of model parameters, and the weight of this set. */
export interface Count {
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

/** The standard normal distribution function Φ by Abramowitz and Stegun, 26.2.17; off by less than 1e-7. */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))) *
    Math.exp((-x * x) / 2) *
    0.3989422804014327;
  return x > 0 ? 1 - tail : tail;
}

/** P(count ≤ most) of the binomial distribution with this mean and variance. */
export function cumulative({ mean, variance }: Omit<Count, 'weight'>, most: number): number {
  if (most < 0) return 0;
  if (variance >= NORMAL) return normal((most + 0.5 - mean) / Math.sqrt(variance));
  if (mean <= 0) return 1;
  const far = FAR * (Math.sqrt(variance) + 1);
  if (most > mean + far) return 1;
  if (most < mean - far) return 0;
  const p = Math.max(1e-9, 1 - variance / mean);
  const trials = Math.max(1, Math.round(mean / p));
  if (most >= trials) return 1;
  const share = Math.min(1, mean / trials);
  // Counts the rarer outcome, because in the other sum the first term may be too small for a float.
  if (share > 0.5) {
    return 1 - cumulative({ mean: trials - mean, variance }, trials - most - 1);
  }
  const odds = share / (1 - share);
  let term = Math.exp(trials * Math.log1p(-share));
  let total = term;
  for (let k = 1; k <= most; k += 1) {
    term *= ((trials - k + 1) / k) * odds;
    total += term;
  }
  return Math.min(1, total);
}

/**
 * The least n for which P(count ≤ n), averaged over all sets of parameters, is at least `share`.
 * @param most the largest possible count
 */
export function quantile(counts: readonly Count[], share: number, most: number): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const below = counts.reduce((all, count) => all + count.weight * cumulative(count, middle), 0);
    if (below >= share) high = middle;
    else low = middle + 1;
  }
  return low;
}
