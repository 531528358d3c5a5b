/**
 * How many errors are left among the labels that nobody judged yet, from the verdicts on the others.
 *
 * Of a label with the combined score z (a robust z-score; lower is worse), with s = z + 2:
 *
 *     P(error | z) = floor + (1 − floor) · (1 − strange) · σ(a − b·s − c·max(0, s)² / 2),  b, c > 0.
 *
 * The worse the score the likelier an error. No score is so good that there is none (floor), none so
 * bad that it must be one: some patients just look strange. c lets errors end faster than a logistic
 * curve does, as where two bell curves meet. That the worst are judged first does no harm: the model
 * is of the error given the score. What the worst cannot tell is the floor, for which labels at random
 * places are judged, too.
 *
 * Priors, normal and weak, of a, log b, logit floor, logit strange and log c: `PRIOR`. In words, with
 * two standard deviations either way: at z = −2 between 3 of 10,000 and nearly all labels are wrong,
 * a unit of z changes the logit of an error by 0.3 to 18, between 2 of 10,000 and a third of the
 * good-looking labels are wrong, and between 4 of 1,000 and 6 of 10 of those with the worst scores
 * are right.
 *
 * Given the parameters, the number of errors among the open labels is Poisson-binomial; for it stands
 * the binomial distribution of the same mean and variance (Ehm, Statistics & Probability Letters 11,
 * 1991), or the normal one where there are many.
 */
import type { BlindCheck, Guess, Left } from '../contract/api.ts';
import type { BlindKind } from '../contract/terms.ts';
import { quantile } from './counts.ts';
import type { Count } from './counts.ts';
import { posterior } from './posterior.ts';

/** Verdicts before which nothing is estimated. */
export const FEWEST = 10;
/** Blind checks of a kind before which they are not compared with the others. */
export const FEWEST_CHECKS = 10;
/** The labels of which is said how many errors they hold. */
const NEXT = 50;
/** Steps of the curve of what would be left after more labels. */
const STEPS = 16;

const PRIOR = {
  mean: [-2, Math.log(2.5), -4.5, -2.5, Math.log(0.3)],
  sd: [3, 1, 1.9, 1.5, 1.2],
} as const;

/** Ends of the interval, as shares of the probability below. */
const ENDS = [0.05, 0.95] as const;

/** Edges of the bins that scores are counted in; what lies beyond is in the first or the last. */
const LOW = -12;
const HIGH = 4;
const BINS = 80;
const ALL = Uint16Array.from({ length: BINS }, (_, bin) => bin);

/** One label, as far as the estimate goes. */
export interface JudgedLabel {
  /** Its combined score; null where it has none. */
  readonly z: number | null;
  /** Whether its verdict says that it is (or was) wrong; null while it has none. */
  readonly error: boolean | null;
  /** Set where it was judged without the ranking in sight: how so, and what was said then. */
  readonly blind: { readonly kind: BlindKind; readonly error: boolean } | null;
}

type Bins = Float64Array;

/** What was judged, counted by score. */
interface Verdicts {
  readonly right: Bins;
  readonly wrong: Bins;
}

/** One point of the posterior: its weight, and P(error) of each bin. */
interface Belief {
  readonly weight: number;
  readonly errors: Bins;
}

const binOf = (z: number): number =>
  Math.max(0, Math.min(BINS - 1, Math.floor(((z - LOW) / (HIGH - LOW)) * BINS)));
const middleOf = (bin: number): number => LOW + ((bin + 0.5) * (HIGH - LOW)) / BINS;
const sigma = (x: number): number => 1 / (1 + Math.exp(-x));
const sum = (values: Bins): number => values.reduce((total, value) => total + value, 0);
const empty = (): Verdicts => ({ right: new Float64Array(BINS), wrong: new Float64Array(BINS) });

/** P(error) of these bins, in their order. A loop, for it is what the time goes to. */
function errorsOf(at: Float64Array, bins = ALL): Bins {
  const a = at[0];
  const b = Math.exp(at[1]);
  const floor = sigma(at[2]);
  const span = (1 - floor) * sigma(-at[3]);
  const c = Math.exp(at[4]) / 2;
  const errors = new Float64Array(bins.length);
  for (let i = 0; i < bins.length; i += 1) {
    const s = middleOf(bins[i]) + 2;
    errors[i] = floor + span * sigma(a - b * s - (s > 0 ? c * s * s : 0));
  }
  return errors;
}

function believe({ right, wrong }: Verdicts): Belief[] {
  const bins = ALL.filter((bin) => right[bin] + wrong[bin] > 0);
  const likelihood = (at: Float64Array): number => {
    const errors = errorsOf(at, bins);
    let total = 0;
    for (let i = 0; i < bins.length; i += 1) {
      const error = Math.min(1 - 1e-12, Math.max(1e-12, errors[i]));
      const [found, others] = [wrong[bins[i]], right[bins[i]]];
      if (found > 0) total += found * Math.log(error);
      if (others > 0) total += others * Math.log(1 - error);
    }
    return total;
  };
  return posterior(PRIOR, likelihood).map(({ at, weight }) => ({ weight, errors: errorsOf(at) }));
}

/** All beliefs together. @param most as many as there can be */
function guess(counts: readonly Count[], most: number): Guess {
  const [low, high] = ENDS.map((share) => quantile(counts, share, most));
  const expected = counts.reduce((total, { weight, mean }) => total + weight * mean, 0);
  return { expected, low, high };
}

/** What each belief says of so many labels in each bin. */
function countsOf(beliefs: readonly Belief[], labels: Bins): Count[] {
  return beliefs.map(({ weight, errors }) => {
    let [mean, variance] = [0, 0];
    for (let bin = 0; bin < BINS; bin += 1) {
      mean += labels[bin] * errors[bin];
      variance += labels[bin] * errors[bin] * (1 - errors[bin]);
    }
    return { weight, mean, variance };
  });
}

/** What stays of the open labels when the `count` worst are taken away. */
function after(open: Bins, count: number): Bins {
  let rest = count;
  return open.map((labels) => {
    const taken = Math.min(labels, rest);
    rest -= taken;
    return labels - taken;
  });
}

/** Blind verdicts against what those with the ranking in sight say of the same scores. */
function check(blind: Verdicts, sighted: readonly Belief[] | null): BlindCheck {
  const errors = sum(blind.wrong);
  const labels = blind.right.map((right, bin) => right + blind.wrong[bin]);
  const enough = sighted !== null && sum(labels) >= FEWEST_CHECKS;
  const expected = enough ? guess(countsOf(sighted, labels), sum(labels)) : null;
  return { labels: sum(labels), errors, expected };
}

/** Everything but the model's name and the errors found. A judged label without a score tells nothing. */
export function estimateLeft(labels: Iterable<JudgedLabel>): Omit<Left, 'model' | 'found'> {
  const verdicts = empty();
  const sighted = empty();
  const blind = { random: empty(), ranked: empty() };
  const open = new Float64Array(BINS);
  let unranked = 0;
  for (const { z, error, blind: unseen } of labels) {
    if (z === null) {
      if (error === null) unranked += 1;
      continue;
    }
    const bin = binOf(z);
    if (error === null) {
      open[bin] += 1;
      continue;
    }
    verdicts[error ? 'wrong' : 'right'][bin] += 1;
    if (unseen === null) sighted[error ? 'wrong' : 'right'][bin] += 1;
    else blind[unseen.kind][unseen.error ? 'wrong' : 'right'][bin] += 1;
  }
  const judged = sum(verdicts.right) + sum(verdicts.wrong);
  const ranked = sum(open);
  const enough = judged >= FEWEST;
  const beliefs = enough ? believe(verdicts) : [];
  const all = open.map((count, bin) => count + verdicts.right[bin] + verdicts.wrong[bin]);
  /** Of a label without a score nothing is known but that it is one of these labels. */
  const typical = countsOf(
    beliefs,
    all.map((count) => count / Math.max(1, sum(all))),
  );
  const ahead = (count: number): Guess => {
    const counts = countsOf(beliefs, after(open, count)).map(({ weight, mean, variance }, i) => {
      const p = typical[i].mean;
      return {
        weight,
        mean: mean + unranked * p,
        variance: variance + unranked * p * (1 - p),
      };
    });
    return guess(counts, ranked - count + unranked);
  };
  const left = enough ? ahead(0) : null;
  const steps = Array.from({ length: STEPS + 1 }, (_, i) => Math.round(ranked * (i / STEPS) ** 2));
  const next = Math.min(NEXT, ranked);
  const compared = Object.values(blind).some(
    ({ right, wrong }) => sum(right) + sum(wrong) >= FEWEST_CHECKS,
  );
  const inSight = sum(sighted.right) + sum(sighted.wrong) >= FEWEST;
  const bySight = compared && inSight ? believe(sighted) : null;
  return {
    judged,
    errors: sum(verdicts.wrong),
    open: ranked + unranked,
    needed: FEWEST,
    left,
    next: left && { labels: next, expected: left.expected - ahead(next).expected },
    ahead: enough ? [...new Set(steps)].map((count) => ({ labels: count, ...ahead(count) })) : [],
    checksNeeded: FEWEST_CHECKS,
    random: check(blind.random, bySight),
    ranked: check(blind.ranked, bySight),
  };
}
