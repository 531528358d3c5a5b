/**
 * Learns which dice with the true mask a model's scores stand for. The true masks are not known, so the
 * labels with the best scores are taken as right. Errors of known size are planted on these labels, and
 * the model scores the damaged labels like any other (`scoring/plant.ts`). The following is done for each
 * structure; apart for its drawn and its empty labels, or for both together if one kind is rare:
 *
 * 1. A ridge regression joins the features of a label into one number, the index. The regression predicts
 *    the error step (`errorStep`) of the label's dice.
 * 2. The share of labels with each size of error is estimated from the indices of the dataset's labels
 *    (the expectation–maximisation of Saerens, Latinne and Decaestecker, Neural Computation 2002). The
 *    share of right labels is never below the share that was taken as right.
 * 3. The planted and the trusted labels, weighted by these shares, give the mean dice and the 5 and 95 %
 *    quantiles of the dice for each value of the index (a kernel estimate). The mean and the quantiles
 *    are kept as tables over the index.
 */
import { labelKey } from '../contract/label-key.ts';
import type { LabelScore } from '../store/types.ts';
import type { PlantedScore } from '../scoring/types.ts';
import { votesOf, dot, errorStep, featuresOf } from './calibration.ts';
import type { Calibration, CohortCalibration, StructureCalibration } from './calibration.ts';
import { cohortsOf } from './cohorts.ts';
import { spread } from './robust.ts';
import { columnsOf, namesOf } from './score-columns.ts';
import { typicalZ } from './z-scores.ts';

/** This share of a structure's drawn labels is taken as right, and of its empty ones (`trustedLabels`). */
const TRUSTED = 0.2;
const FEWEST_TRUSTED = 10;
/** Fewer labels than this are not calibrated. */
const FEWEST_LABELS = 16;
/** Errors are sorted into sizes by the label's dice with the true mask; these limits separate the sizes. */
const EDGES = [0.5, 0.7, 0.8, 0.87, 0.92, 0.96, 0.985];
const SIZES = EDGES.length + 1;
/** Standard deviations of the Gaussian kernels, in units of the index: for the mean, for the quantiles. */
const SMOOTH = 0.1;
const SMOOTH_TAILS = 0.2;
const KNOTS = 65;
const TAIL = 0.05;
const ROUNDS = 200;
const RIDGE = 1e-5;
/** From the first to the last entry of a table, the dice rises by at least this much. */
const TILT = 1e-3;

/** Tells whether a person found the label of a case and structure wrong. */
export type FoundWrong = (id: string, structure: string) => boolean;

const keyOf = ({ case: id, structure }: LabelScore): string => labelKey(id, structure);

/**
 * The labels that are taken as right: of each structure's drawn labels the fifth with the best z-scores,
 * but at least ten labels and at most half of the drawn ones. Its empty labels are chosen in the same way.
 * A label that a person found wrong is never taken. Labels that a person accepted get no preference: one
 * gross error that was accepted by mistake would make all similar errors look right.
 * @returns the labels' keys (`labelKey`)
 */
export function trustedLabels(
  scores: readonly LabelScore[],
  foundWrong: FoundWrong = () => false,
): ReadonlySet<string> {
  const typical = typicalZ(columnsOf(scores, namesOf(scores)));
  const best = new Map<string, { key: string; score: number }[]>();
  const trusted = new Set<string>();
  scores.forEach((score, index) => {
    const key = keyOf(score);
    const cohort = labelKey(score.structure, score.area > 0 ? 'drawn' : 'empty');
    const own = best.get(cohort) ?? [];
    best.set(cohort, own);
    if (!foundWrong(score.case, score.structure)) own.push({ key, score: typical[index] });
  });
  for (const own of best.values()) {
    const wanted = Math.max(Math.round(own.length * TRUSTED), FEWEST_TRUSTED);
    own.sort((a, b) => b.score - a.score);
    for (const { key } of own.slice(0, Math.min(wanted, own.length >> 1))) trusted.add(key);
  }
  return trusted;
}

/** Solves the symmetric positive system A·x = b by Cholesky's decomposition; A is destroyed. */
function solve(a: number[][], b: readonly number[]): number[] {
  const n = b.length;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = a[i][j];
      for (let k = 0; k < j; k += 1) sum -= a[i][k] * a[j][k];
      a[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / a[j][j];
    }
  }
  const y = [...b];
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) y[i] -= a[i][k] * y[k];
    y[i] /= a[i][i];
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) y[i] -= a[k][i] * y[k];
    y[i] /= a[i][i];
  }
  return y;
}

/** A label's features, its dice with the true mask, and the number of its error size (`sizeOf`). */
interface Example {
  readonly features: readonly number[];
  readonly dice: number;
  readonly size: number;
}

const sizeOf = (dice: number): number => EDGES.filter((edge) => dice >= edge).length;

/**
 * Fits the error step of the dice (`errorStep`) to the features by ridge regression. The examples of every
 * error size have the same total weight.
 * @returns a coefficient for each feature
 */
function ridge(examples: readonly Example[], counts: readonly number[]): number[] {
  const n = examples[0].features.length;
  const a = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (__, j) => (i === j ? RIDGE : 0)),
  );
  const b = new Array<number>(n).fill(0);
  const sizes = counts.filter((count) => count > 0).length;
  for (const { features, dice, size } of examples) {
    const weight = 1 / counts[size] / sizes;
    for (let i = 0; i < n; i += 1) {
      b[i] += weight * features[i] * errorStep(dice);
      for (let j = 0; j < n; j += 1) a[i][j] += weight * features[i] * features[j];
    }
  }
  return solve(a, b);
}

const kernel = (distance: number, width: number): number =>
  Math.exp(-0.5 * (distance / width) ** 2) + 1e-9;

/**
 * Estimates the share of each size of error among the dataset's labels.
 * @param densities for each knot of the index, the density there of the examples of each error size
 * @param histogram for each knot, how many of the dataset's labels have it as their nearest knot
 * @param leastRight the share of right labels is at least this
 */
function prior(
  densities: readonly (readonly number[])[],
  histogram: readonly number[],
  leastRight: number,
): number[] {
  let shares = new Array<number>(SIZES).fill(1 / SIZES);
  const total = sumOf(histogram);
  for (let round = 0; round < ROUNDS; round += 1) {
    // Starts the counts with half a label, spread over all sizes, so that no share becomes 0.
    const next = new Array<number>(SIZES).fill(0.5 / SIZES);
    densities.forEach((own, knot) => {
      if (histogram[knot] === 0) return;
      const sum = dot(shares, own);
      own.forEach((density, size) => {
        next[size] += (histogram[knot] * shares[size] * density) / sum;
      });
    });
    shares = next.map((count) => count / (total + 0.5));
    const right = shares[SIZES - 1];
    if (right < leastRight) {
      const others = (1 - leastRight) / (1 - right);
      shares = shares.map((share, size) => (size === SIZES - 1 ? leastRight : share * others));
    }
  }
  return shares;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The weighted quantile: the least value up to which the weights reach `share` of their sum. */
function quantileOf(sorted: readonly number[], weights: readonly number[], share: number): number {
  const wanted = share * sumOf(weights);
  let sum = 0;
  const at = weights.findIndex((weight) => (sum += weight) >= wanted);
  return sorted[at < 0 ? sorted.length - 1 : at];
}

/**
 * Isotonic regression (Barlow, Bartholomew, Bremner, Brunk 1972): returns the rising values that are the
 * closest to `values` by weighted least squares. So a label with a better index never gets a lower
 * expected dice. A value with a low weight changes its neighbours little.
 */
function rising(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { value: number; weight: number; count: number }[] = [];
  values.forEach((value, i) => {
    let block = { value, weight: weights[i], count: 1 };
    for (let before = blocks.at(-1); before && before.value > block.value; before = blocks.at(-1)) {
      blocks.pop();
      const weight = before.weight + block.weight;
      block = {
        value: (before.value * before.weight + block.value * block.weight) / weight,
        weight,
        count: before.count + block.count,
      };
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ value, count }) => new Array<number>(count).fill(value));
}

/** Makes a table rise slightly where it is level, so that labels with different indices are never tied. */
const tilted = (values: readonly number[]): number[] =>
  values.map((value, k) => (1 - TILT) * value + (TILT * k) / (values.length - 1));

function calibrateCohort(
  given: readonly LabelScore[],
  right: readonly LabelScore[],
  planted: readonly PlantedScore[],
): CohortCalibration | null {
  const votes = given.flatMap(votesOf);
  const { centre, scale } = spread(votes.map((score) => score.learned));
  const learned = { centre, scale: Math.max(scale, 1e-6) };
  const examples = [...right.map((score) => ({ score, dice: 1 })), ...planted]
    .flatMap(({ score, dice }) => votesOf(score).map((one) => ({ score: one, dice })))
    .flatMap(({ score, dice }): Example[] => {
      const features = featuresOf(score, learned);
      return features ? [{ features, dice, size: sizeOf(dice) }] : [];
    })
    .sort((a, b) => a.dice - b.dice);
  const labels = votes.map((score) => featuresOf(score, learned)).filter((own) => own !== null);
  if (
    given.length < FEWEST_LABELS ||
    labels.length === 0 ||
    right.length === 0 ||
    planted.length < FEWEST_TRUSTED
  ) {
    return null;
  }
  const counts = new Array<number>(SIZES).fill(0);
  for (const { size } of examples) counts[size] += 1;
  const coefficients = ridge(examples, counts);
  const index = examples.map(({ features }) => dot(features, coefficients));
  const indices = labels.map((features) => dot(features, coefficients));

  // `reduce`, because Math.min(...all) fails on 100,000 arguments.
  const all = [...index, ...indices];
  const lowest = all.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const step = Math.max((highest - lowest) / (KNOTS - 1), 1e-6);
  const knots = Array.from({ length: KNOTS }, (_, k) => lowest + k * step);
  const histogram = new Array<number>(KNOTS).fill(0);
  for (const one of indices) histogram[Math.round((one - lowest) / step)] += 1;

  const densities = knots.map((knot) => {
    const sums = new Array<number>(SIZES).fill(0);
    examples.forEach(({ size }, i) => (sums[size] += kernel(knot - index[i], SMOOTH)));
    return sums.map((sum, size) => (counts[size] === 0 ? 1e-12 : sum / counts[size]));
  });
  const shares = prior(densities, histogram, right.length / given.length);
  const sorted = examples.map(({ dice }) => dice);
  const weightsAt = (knot: number, width: number): number[] =>
    examples.map(
      ({ size }, i) => (kernel(knot - index[i], width) * shares[size]) / Math.max(counts[size], 1),
    );
  const weights = knots.map((knot) => weightsAt(knot, SMOOTH));
  const masses = weights.map(sumOf);
  const means = weights.map((own, k) => Math.min(1, dot(sorted, own) / masses[k]));
  const dice = tilted(rising(means, masses));
  const tails = knots.map((knot) => {
    const own = weightsAt(knot, SMOOTH_TAILS);
    return [TAIL, 1 - TAIL].map((share) => quantileOf(sorted, own, share));
  });
  const [low, high] = [0, 1].map((end) =>
    rising(
      tails.map((tail) => tail[end]),
      masses,
    ),
  );
  return {
    learned,
    coefficients,
    knots,
    dice,
    // The interval must contain the mean. A few gross errors among many right labels can move the mean
    // below the 5 % quantile.
    low: low.map((value, k) => Math.min(value, dice[k])),
    high: high.map((value, k) => Math.max(value, dice[k])),
    trusted: right.length,
    planted: planted.length,
  };
}

/**
 * @param given the scores of all labels of the dataset
 * @param trusted keys of the labels that are taken as right (`trustedLabels`)
 * @param planted errors that were planted on the trusted labels, scored by the same networks
 */
export function calibrate(
  given: readonly LabelScore[],
  trusted: ReadonlySet<string>,
  planted: readonly PlantedScore[],
): Calibration {
  const structures: Record<string, StructureCalibration> = {};
  const names = namesOf(given);
  const cohorts = cohortsOf(columnsOf(given, names));
  for (const [place, name] of names.structures.entries()) {
    const ofCohort = (cohort: number): LabelScore[] =>
      given.filter((_, index) => cohorts[index] === cohort);
    const [empty, drawn] = [ofCohort(2 * place), ofCohort(2 * place + 1)];
    const own = planted.filter(({ score }) => score.structure === name);
    const calibrated = (
      labels: readonly LabelScore[],
      errors: readonly PlantedScore[],
    ): CohortCalibration | null =>
      calibrateCohort(
        labels,
        labels.filter((score) => trusted.has(keyOf(score))),
        errors,
      );
    const ofDrawn = calibrated(
      drawn,
      own.filter(({ score }) => score.area > 0),
    );
    const ofEmpty = calibrated(
      empty,
      own.filter(({ score }) => score.area === 0),
    );
    const apart = ofDrawn !== null && ofEmpty !== null;
    // If drawn or empty labels are too few, all labels are calibrated together: a calibration of one kind
    // alone would say nothing about the other.
    const one = apart ? ofDrawn : calibrated([...drawn, ...empty], own);
    if (one) structures[name] = { drawn: one, empty: apart ? ofEmpty : null };
  }
  return { version: 2, structures };
}
