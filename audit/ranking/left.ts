/**
 * Estimates how many errors are left among the labels without a verdict, from the verdicts so far.
 *
 * For a label with the score z (the combined score as `evidence.ts` converts it; lower is worse), with
 * s = z + 2:
 *
 *     P(error | z) = floor + (1 − floor) · (1 − strange) · σ(a − b·s − c·max(0, s)² / 2),  b, c > 0.
 *
 * The worse the score, the likelier an error. Even the best score leaves a chance of an error (floor),
 * and the worst score a chance of a right label, because some patients just look strange (strange). c
 * lets the probability fall faster than a logistic curve, as it does where two normal distributions of
 * different widths overlap. People judge the worst labels first; that does not bias the estimate, because
 * the model is conditioned on the score. Only the floor cannot be learned from the worst labels; verdicts
 * on random labels show it.
 *
 * `PRIOR` holds weak normal priors of a, log b, logit floor, logit strange and log c. Within two standard
 * deviations they say: at z = −2 between 3 of 10,000 and nearly all labels are wrong; a unit of z changes
 * the logit of an error by 0.3 to 18; between 2 of 10,000 and a third of the labels with good scores are
 * wrong; between 4 of 1,000 and 6 of 10 of the labels with the worst scores are right.
 *
 * Given the parameters, the number of errors among the open labels has a Poisson-binomial distribution.
 * The binomial distribution of the same mean and variance approximates it (Ehm, Statistics & Probability
 * Letters 11, 1991), or the normal one where the variance is large.
 */
import type { BlindCheck, Guess, Left } from '../contract/api.ts';
import type { BlindKind } from '../contract/terms.ts';
import { quantile } from './counts.ts';
import type { Count } from './counts.ts';
import { posterior } from './posterior.ts';

/** The estimate needs at least this many verdicts. */
export const FEWEST = 10;
/**
 * From this number of blind checks of one kind on, they are compared with the verdicts of people who saw
 * the rank.
 */
export const FEWEST_CHECKS = 10;
/** The estimate also says how many errors are among this many open labels with the worst scores. */
const NEXT = 50;
/** Number of steps of the curve that shows how many errors are left after more labels are reviewed. */
const STEPS = 16;

const PRIOR = {
  mean: [-2, Math.log(2.5), -4.5, -2.5, Math.log(0.3)],
  sd: [3, 1, 1.9, 1.5, 1.2],
} as const;

/** The ends of an estimate's interval, as cumulative probabilities. */
const ENDS = [0.05, 0.95] as const;

/**
 * The scores from LOW to HIGH are counted in bins. The first bin also holds all scores below LOW, and the
 * last bin all scores above HIGH.
 */
const LOW = -12;
const HIGH = 4;
const BINS = 80;
const ALL = Uint16Array.from({ length: BINS }, (_, bin) => bin);

/** The data of one label that the estimate uses. */
export interface JudgedLabel {
  /** The combined score as `evidence.ts` converts it, or null without a score. */
  readonly z: number | null;
  /** Whether the verdict says that the label is wrong, or was wrong when imported; null without a verdict. */
  readonly error: boolean | null;
  /**
   * The blind check of the label, or null without one. `error`: whether the person, who did not see the
   * rank, called the label wrong.
   */
  readonly blind: { readonly kind: BlindKind; readonly error: boolean } | null;
}

type Bins = Float64Array;

/** The number of judged labels in each bin of scores. */
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

/**
 * P(error) in each of these bins, given the parameters `at`. It is written as a loop for speed, because
 * the estimate spends most of its time here.
 */
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

/**
 * The mean and the interval of a number of errors.
 * @param counts the distribution of the number by each belief
 * @param most the largest possible number
 */
function guess(counts: readonly Count[], most: number): Guess {
  const [low, high] = ENDS.map((share) => quantile(counts, share, most));
  const expected = counts.reduce((total, { weight, mean }) => total + weight * mean, 0);
  return { expected, low, high };
}

/**
 * For each belief, the mean and variance of the number of errors.
 * @param labels the number of labels in each bin
 */
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

/** The number of open labels in each bin without the `count` worst labels. */
function after(open: Bins, count: number): Bins {
  let rest = count;
  return open.map((labels) => {
    const taken = Math.min(labels, rest);
    rest -= taken;
    return labels - taken;
  });
}

/**
 * Counts the errors that blind verdicts found, and beside it how many errors `sighted` predicts for labels
 * with the same scores.
 * @param sighted learned from the verdicts of people who saw the rank; null if there are too few of them
 */
function check(blind: Verdicts, sighted: readonly Belief[] | null): BlindCheck {
  const errors = sum(blind.wrong);
  const labels = blind.right.map((right, bin) => right + blind.wrong[bin]);
  const enough = sighted !== null && sum(labels) >= FEWEST_CHECKS;
  const expected = enough ? guess(countsOf(sighted, labels), sum(labels)) : null;
  return { labels: sum(labels), errors, expected };
}

/** Estimates the errors left. A judged label without a score is ignored. */
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
  /** For each belief, P(error) of a label without a score: the mean over all labels with a score. */
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
