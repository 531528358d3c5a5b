/**
 * Learns what the scores of a model mean in dice with the truth. The labels that the ranking trusts
 * most are taken for right; errors of known size, planted on them, were scored like any other label
 * (`scoring/plant.ts`). From both, a structure at a time:
 *
 * 1. A ridge regression makes one index of all that is known of a label, in units of dice.
 * 2. How many labels there are of each size of error is not what was planted: it is estimated from the
 *    indices of all labels as given (the expectation–maximisation of Saerens, Latinne and Decaestecker,
 *    Neural Computation 2002), never below the share of right ones that was assumed.
 * 3. Along the index, planted and trusted labels, weighed by that, give the mean dice and its 5 and
 *    95 % quantiles (a kernel estimate), as tables that are looked up.
 */
import type { LabelScore } from '../store/types.ts';
import type { PlantedScore } from '../scoring/types.ts';
import { dot, featuresOf } from './calibration.ts';
import type { Calibration, StructureCalibration } from './calibration.ts';
import { combineLabels, labelZ } from './combine.ts';
import { spread } from './robust.ts';
import { columnsOf, placesOf } from './score-columns.ts';

/** Share of a structure's labels that is taken for right, and how many at least. */
const TRUSTED = 0.2;
const FEWEST_TRUSTED = 10;
/** With fewer labels of a structure nothing is said of it. */
const FEWEST_LABELS = 16;
/** Sizes of errors that are told apart, as edges of the dice. */
const EDGES = [0.5, 0.7, 0.8, 0.87, 0.92, 0.96, 0.985];
const SIZES = EDGES.length + 1;
/** Width of the kernel, in dice. */
const SMOOTH = 0.03;
const KNOTS = 65;
const TAIL = 0.05;
const ROUNDS = 200;
const RIDGE = 1e-5;

/** Whether a person found a label wrong. */
export type FoundWrong = (id: string, structure: string) => boolean;

const nameOf = ({ case: id, structure }: LabelScore): string => `${id}\0${structure}`;

/**
 * The labels that are taken for right, by `case\0structure`: of each structure the fifth with the best
 * combined score (ten at least, half at most), never one that a person found wrong. That a person
 * accepted a label does not count: one gross error that was waved through would make all like it right.
 */
export function trustedLabels(
  scores: readonly LabelScore[],
  foundWrong: FoundWrong = () => false,
): ReadonlySet<string> {
  const combined = combineLabels(labelZ(columnsOf(scores, placesOf(scores))));
  const best = new Map<string, { name: string; score: number }[]>();
  const trusted = new Set<string>();
  scores.forEach((score, index) => {
    const name = nameOf(score);
    const own = best.get(score.structure) ?? [];
    best.set(score.structure, own);
    if (!foundWrong(score.case, score.structure)) own.push({ name, score: combined[index] });
  });
  for (const own of best.values()) {
    const wanted = Math.max(Math.round(own.length * TRUSTED), FEWEST_TRUSTED);
    own.sort((a, b) => b.score - a.score);
    for (const { name } of own.slice(0, Math.min(wanted, own.length >> 1))) trusted.add(name);
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

/** An example: what is known of a label, its dice with the truth, and how large that error is. */
interface Example {
  readonly features: readonly number[];
  readonly dice: number;
  readonly size: number;
}

const sizeOf = (dice: number): number => EDGES.filter((edge) => dice >= edge).length;

/** Every size of error counts the same. */
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
      b[i] += weight * features[i] * dice;
      for (let j = 0; j < n; j += 1) a[i][j] += weight * features[i] * features[j];
    }
  }
  return solve(a, b);
}

const kernel = (distance: number): number => Math.exp(-0.5 * (distance / SMOOTH) ** 2) + 1e-9;

/**
 * How often each size of error is among the labels as given.
 * @param densities of each knot, how likely it is for an error of each size
 * @param histogram labels as given at each knot
 */
function prior(
  densities: readonly (readonly number[])[],
  histogram: readonly number[],
  leastRight: number,
): number[] {
  let shares = new Array<number>(SIZES).fill(1 / SIZES);
  const total = histogram.reduce((sum, count) => sum + count, 0);
  for (let round = 0; round < ROUNDS; round += 1) {
    // Half a label of no size in particular: no share is nothing.
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

/** The weighted mean and tails of values that are sorted, lowest first. */
function summary(sorted: readonly number[], weights: readonly number[]) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const quantile = (share: number): number => {
    let sum = 0;
    const at = weights.findIndex((weight) => (sum += weight) >= share * total);
    return sorted[at < 0 ? sorted.length - 1 : at];
  };
  return {
    dice: Math.min(1, dot(sorted, weights) / total),
    low: quantile(TAIL),
    high: quantile(1 - TAIL),
  };
}

function calibrateStructure(
  given: readonly LabelScore[],
  right: readonly LabelScore[],
  planted: readonly PlantedScore[],
): StructureCalibration | null {
  const { centre, scale } = spread(given.map((score) => score.learned));
  const learned = { centre, scale: Math.max(scale, 1e-6) };
  const examples = [...right.map((score) => ({ score, dice: 1 })), ...planted]
    .flatMap(({ score, dice }): Example[] => {
      const features = featuresOf(score, learned);
      return features ? [{ features, dice, size: sizeOf(dice) }] : [];
    })
    .sort((a, b) => a.dice - b.dice);
  const labels = given.map((score) => featuresOf(score, learned)).filter((own) => own !== null);
  if (labels.length < FEWEST_LABELS || right.length === 0 || planted.length < FEWEST_TRUSTED) {
    return null;
  }
  const counts = new Array<number>(SIZES).fill(0);
  for (const { size } of examples) counts[size] += 1;
  const coefficients = ridge(examples, counts);
  const index = examples.map(({ features }) => dot(features, coefficients));
  const indices = labels.map((features) => dot(features, coefficients));

  // Not Math.min(...): there may be 100,000 labels.
  const all = [...index, ...indices];
  const lowest = all.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const step = Math.max((highest - lowest) / (KNOTS - 1), 1e-6);
  const knots = Array.from({ length: KNOTS }, (_, k) => lowest + k * step);
  const histogram = new Array<number>(KNOTS).fill(0);
  for (const one of indices) histogram[Math.round((one - lowest) / step)] += 1;

  const densities = knots.map((knot) => {
    const sums = new Array<number>(SIZES).fill(0);
    examples.forEach(({ size }, i) => (sums[size] += kernel(knot - index[i])));
    return sums.map((sum, size) => (counts[size] === 0 ? 1e-12 : sum / counts[size]));
  });
  const shares = prior(densities, histogram, right.length / given.length);
  const sorted = examples.map(({ dice }) => dice);
  const rows = knots.map((knot) =>
    summary(
      sorted,
      examples.map(
        ({ size }, i) => (kernel(knot - index[i]) * shares[size]) / Math.max(counts[size], 1),
      ),
    ),
  );
  return {
    learned,
    coefficients,
    knots,
    dice: rows.map(({ dice }) => dice),
    low: rows.map(({ low }) => low),
    high: rows.map(({ high }) => high),
    trusted: right.length,
    planted: planted.length,
  };
}

/**
 * @param given scores of the labels as they are
 * @param trusted names of those that are taken for right, see `trustedLabels`
 * @param planted errors made of them, scored by the same networks
 */
export function calibrate(
  given: readonly LabelScore[],
  trusted: ReadonlySet<string>,
  planted: readonly PlantedScore[],
): Calibration {
  const structures: Record<string, StructureCalibration> = {};
  for (const name of new Set(given.map(({ structure }) => structure))) {
    const own = given.filter(({ structure }) => structure === name);
    const found = calibrateStructure(
      own,
      own.filter((score) => trusted.has(nameOf(score))),
      planted.filter(({ score }) => score.structure === name),
    );
    if (found) structures[name] = found;
  }
  return { version: 1, structures };
}
