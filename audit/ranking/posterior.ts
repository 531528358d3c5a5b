/**
 * Computes the posterior of a few parameters with normal priors, as weighted points (adaptive annealed
 * importance sampling). Each round draws points from a normal distribution, weighs them, and fits the
 * distribution again. The likelihood is raised to a power that grows to 1 step by step, so that the
 * weight never falls on a few points only. The points come from a low-discrepancy sequence: the same data
 * always gives the same answer.
 */

export interface Prior {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** A point with its share of the probability. They sum to almost 1: points below `LEAST` are dropped. */
export interface WeightedPoint {
  readonly at: Float64Array;
  readonly weight: number;
}

const POINTS = 500;
/** Points with a lower weight are dropped. */
const LEAST = 1e-5;
/** The most rounds; most data needs three to eight. */
const ROUNDS = 40;
/** The power of the likelihood rises only as far as `carrying` stays at or above this share. */
const CARRYING = 0.15;
/**
 * The rounds end when `carrying` of the weights by the whole likelihood reaches this share. After a round at
 * power 1, `CARRYING` is enough.
 */
const ENOUGH = 0.4;
/** Bisection steps of the search for the next power. */
const HALVINGS = 12;
/** The first power of the likelihood. */
const FIRST = 1e-8;
/** Each round draws from a distribution that is wider by this factor than the fit to the last points. */
const WIDER = 1.15;

/**
 * Points of a standard normal distribution: the R-sequence (Roberts 2018) after the Box–Muller transform.
 */
function normalPoints(dimensions: number): Float64Array[] {
  // Finds the root of x^(pairs+1) = x + 1, from which the R-sequence is made.
  const pairs = 2 * Math.ceil(dimensions / 2);
  let root = 1.5;
  for (let i = 0; i < 60; i += 1) root = (1 + root) ** (1 / (pairs + 1));
  return Array.from({ length: POINTS }, (_, n) => {
    const uniform = Array.from({ length: pairs }, (_, k) => (0.5 + (n + 1) / root ** (k + 1)) % 1);
    return Float64Array.from({ length: dimensions }, (_, k) => {
      const radius = Math.sqrt(-2 * Math.log(Math.max(1e-12, uniform[k - (k % 2)])));
      const angle = 2 * Math.PI * uniform[k - (k % 2) + 1];
      return radius * (k % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
    });
  });
}

/** The lower triangular L with L·Lᵀ = `matrix`, which is symmetric and positive definite. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const lower = matrix.map((row) => new Float64Array(row.length));
  for (let i = 0; i < lower.length; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k += 1) rest -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(Math.max(rest, 1e-10)) : rest / lower[j][j];
    }
  }
  return lower;
}

/** The share of the points that carry the weight: 1 / (n · Σ w²) for weights that sum to 1. */
function carrying(weights: Float64Array): number {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  return 1 / (weights.length * squares);
}

/** The weights of the points: exp(base + power · data), scaled to sum to 1. */
function weigh(base: Float64Array, data: Float64Array, power: number): Float64Array {
  const weights = new Float64Array(base.length);
  let most = -Infinity;
  for (let n = 0; n < weights.length; n += 1) {
    weights[n] = base[n] + power * data[n];
    if (weights[n] > most) most = weights[n];
  }
  let total = 0;
  for (let n = 0; n < weights.length; n += 1) {
    weights[n] = Math.exp(weights[n] - most);
    total += weights[n];
  }
  for (let n = 0; n < weights.length; n += 1) weights[n] /= total;
  return weights;
}

/**
 * Moves a point of the standard normal distribution to the normal distribution with this centre and the
 * covariance `axes`·`axes`ᵀ.
 */
function placed(normal: Float64Array, centre: Float64Array, axes: readonly Float64Array[]) {
  const at = Float64Array.from(centre);
  for (let i = 0; i < at.length; i += 1) {
    for (let k = 0; k <= i; k += 1) at[i] += axes[i][k] * normal[k];
  }
  return at;
}

/** The weighted mean and covariance of the points. */
function fitted(points: readonly Float64Array[], weights: Float64Array) {
  const size = points[0].length;
  const centre = new Float64Array(size);
  const spread = Array.from({ length: size }, () => new Float64Array(size));
  points.forEach((at, n) => {
    for (let i = 0; i < size; i += 1) centre[i] += weights[n] * at[i];
  });
  points.forEach((at, n) => {
    for (let i = 0; i < size; i += 1) {
      for (let k = 0; k <= i; k += 1) {
        spread[i][k] += weights[n] * (at[i] - centre[i]) * (at[k] - centre[k]);
      }
    }
  });
  return { centre, spread };
}

/** @param likelihood gives the log likelihood at a point */
export function posterior(prior: Prior, likelihood: (at: Float64Array) => number): WeightedPoint[] {
  const { mean, sd } = prior;
  const normals = normalPoints(mean.length);
  let centre = Float64Array.from(mean);
  let axes = sd.map((width, i) => Float64Array.from(sd, (_, k) => (k === i ? width : 0)));
  /** The power of the likelihood: 0 ignores the likelihood, 1 takes all of it. */
  let power = FIRST;
  for (let round = 1; ; round += 1) {
    const points = normals.map((normal) => placed(normal, centre, axes));
    /** For each point, log(prior / density of the distribution it was drawn from), up to a constant. */
    const base = Float64Array.from(points, (at, n) => {
      let log = 0;
      for (let i = 0; i < at.length; i += 1) {
        log += (normals[n][i] ** 2 - ((at[i] - mean[i]) / sd[i]) ** 2) / 2;
      }
      return log;
    });
    const data = Float64Array.from(points, (at) => likelihood(at));
    let weights = weigh(base, data, 1);
    const carried = carrying(weights);
    const last = round >= ROUNDS;
    if (last || carried >= ENOUGH || (power === 1 && carried >= CARRYING)) {
      return points.flatMap((at, n) => (weights[n] > LEAST ? [{ at, weight: weights[n] }] : []));
    }
    if (carried >= CARRYING) power = 1;
    else {
      // If every higher power leaves `carrying` too low, the power stays. The next round then draws from a
      // better fit.
      let high = 1;
      for (let i = 0; i < HALVINGS; i += 1) {
        const middle = Math.sqrt(power * high);
        if (carrying(weigh(base, data, middle)) >= CARRYING) power = middle;
        else high = middle;
      }
      weights = weigh(base, data, power);
    }
    const fit = fitted(points, weights);
    centre = fit.centre;
    axes = cholesky(fit.spread).map((row) => row.map((value) => value * WIDER));
  }
}
