/**
 * A model's scores as columns of numbers, because 100,000 cases in columns can be ranked, and read from a
 * file, in a moment.
 */
import type { LabelScore } from '../store/types.ts';
import { expectedDice } from './calibration.ts';
import type { Calibration } from './calibration.ts';

/** One row for each label. A value that is missing or not finite is NaN. */
export interface ScoreColumns {
  /** Number of the case: its index in `ScoreNames.cases`. */
  readonly cases: Uint32Array;
  /** Number of the structure: its index in `ScoreNames.structures`. */
  readonly structures: Uint16Array;
  readonly caseScore: Float64Array;
  readonly learned: Float64Array;
  readonly disagreement: Float64Array;
  readonly softmin: Float64Array;
  /** Area of the label as a share of the image, 0 … 1. */
  readonly area: Float64Array;
  /** The dice that the label is expected to have with the true mask. */
  readonly expected: Float32Array;
}

/** The names of cases and structures by their numbers. */
export interface ScoreNames {
  readonly cases: readonly string[];
  readonly structures: readonly string[];
}

/** The names in these scores, in the order in which they first appear. */
export function namesOf(scores: readonly LabelScore[]): ScoreNames {
  return {
    cases: [...new Set(scores.map((score) => score.case))],
    structures: [...new Set(scores.map(({ structure }) => structure))],
  };
}

const indexOf = (names: readonly string[]): Map<string, number> =>
  new Map(names.map((name, place) => [name, place]));

const finite = (value: number | null): number =>
  value !== null && Number.isFinite(value) ? value : NaN;

/** Turns scores into columns; leaves out the scores of cases and structures that `names` does not have. */
export function columnsOf(
  scores: readonly LabelScore[],
  names: ScoreNames,
  calibration: Calibration | null = null,
): ScoreColumns {
  const caseAt = indexOf(names.cases);
  const structureAt = indexOf(names.structures);
  const placed = scores.filter(
    (score) => caseAt.has(score.case) && structureAt.has(score.structure),
  );
  const column = (valueOf: (score: LabelScore) => number | null): Float64Array => {
    const values = new Float64Array(placed.length);
    for (let row = 0; row < values.length; row += 1) values[row] = finite(valueOf(placed[row]));
    return values;
  };
  return {
    cases: Uint32Array.from(placed, (score) => caseAt.get(score.case) ?? 0),
    structures: Uint16Array.from(placed, ({ structure }) => structureAt.get(structure) ?? 0),
    caseScore: column(({ caseScore }) => caseScore),
    learned: column(({ learned }) => learned),
    disagreement: column(({ disagreement }) => disagreement),
    softmin: column(({ softmin }) => softmin),
    area: column(({ area }) => area),
    expected: Float32Array.from(
      column((score) => (calibration && expectedDice(calibration, score)?.dice) ?? null),
    ),
  };
}

/**
 * Copies the values of these rows to `into`. It is a loop, because `Float64Array.from` with a function takes
 * ten times as long.
 */
export function pick<Values extends Float64Array | Float32Array | Uint32Array | Uint16Array>(
  values: Values,
  rows: Uint32Array,
  into: Values,
): Values {
  for (let row = 0; row < rows.length; row += 1) into[row] = values[rows[row]];
  return into;
}

/** The rows for which `keep` is true. */
export function rowsOf(columns: ScoreColumns, keep: (row: number) => boolean): ScoreColumns {
  const all = new Uint32Array(columns.cases.length);
  let count = 0;
  for (let row = 0; row < all.length; row += 1) {
    if (!keep(row)) continue;
    all[count] = row;
    count += 1;
  }
  if (count === all.length) return columns;
  const rows = all.subarray(0, count);
  return {
    cases: pick(columns.cases, rows, new Uint32Array(count)),
    structures: pick(columns.structures, rows, new Uint16Array(count)),
    caseScore: pick(columns.caseScore, rows, new Float64Array(count)),
    learned: pick(columns.learned, rows, new Float64Array(count)),
    disagreement: pick(columns.disagreement, rows, new Float64Array(count)),
    softmin: pick(columns.softmin, rows, new Float64Array(count)),
    area: pick(columns.area, rows, new Float64Array(count)),
    expected: pick(columns.expected, rows, new Float32Array(count)),
  };
}
