/**
 * The posterior of a few parameters with normal priors, as weighted points: importance sampling from
 * a normal distribution that is fitted again and again, the likelihood let in step by step so that
 * never only a few points carry the weight (adaptive annealed importance sampling). The points come
 * from a low-discrepancy sequence, so the same data always gives the same answer.
 */

export interface Prior {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** A point with its share of the probability; all shares sum to 1. */
export interface Point {
  readonly at: Float64Array;
  readonly weight: number;
}

const POINTS = 500;
/** Points with less of the weight say nothing. */
const LEAST = 1e-5;
/** Rounds at most; most data needs three to eight. */
const ROUNDS = 40;
/** Share of the points that must carry the weight for the likelihood to be let in further. */
const CARRYING = 0.15;
/** The last one is fitted when this share carries it. */
const ENOUGH = 0.4;
/** Steps in which the power of the likelihood is looked for. */
const HALVINGS = 12;
/** The least of it that is let in. */
const FIRST = 1e-8;
/** How much wider than the last round's the next distribution is. */
const WIDER = 1.15;

/** Points of a standard normal distribution, from the R-sequence (Roberts 2018) by Box and Muller. */
function normalPoints(dimensions: number): Float64Array[] {
  // The root of x^(d+1) = x + 1.
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

/** Lower triangular L with L·Lᵀ = the symmetric positive definite matrix. */
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

/** Share of the points that carry the weight: 1 / (n · Σ w²) for weights that sum to 1. */
function carrying(weights: Float64Array): number {
  let squares = 0;
  for (const weight of weights) squares += weight * weight;
  return 1 / (weights.length * squares);
}

/** exp(base + power · data), so that they sum to 1. */
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

/** Where a point of the standard normal distribution lies in that of the centre and the axes. */
function placed(normal: Float64Array, centre: Float64Array, axes: readonly Float64Array[]) {
  const at = Float64Array.from(centre);
  for (let i = 0; i < at.length; i += 1) {
    for (let k = 0; k <= i; k += 1) at[i] += axes[i][k] * normal[k];
  }
  return at;
}

/** What the weights make of the points: their mean and their covariance. */
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

/** @param likelihood the log likelihood at a point */
export function posterior(prior: Prior, likelihood: (at: Float64Array) => number): Point[] {
  const { mean, sd } = prior;
  const normals = normalPoints(mean.length);
  let centre = Float64Array.from(mean);
  let axes = sd.map((width, i) => Float64Array.from(sd, (_, k) => (k === i ? width : 0)));
  /** How much of the likelihood counts: its power. */
  let power = FIRST;
  for (let round = 1; ; round += 1) {
    const points = normals.map((normal) => placed(normal, centre, axes));
    /** Of each point: the prior over the distribution it was drawn from. */
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
      // Where even the old power is too much, the distribution is fitted to it once more.
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
