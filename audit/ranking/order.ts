/** Orders labels and cases: each gets one value by the chosen measure, and a lower value is worse. */
import type { RankBy, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import { pick } from './score-columns.ts';
import type { ScoreNames, ScoreColumns } from './score-columns.ts';

/** Labels or cases, worst first. Each is one row, and a row has the same index in every column. */
export interface Order {
  /** Number of the case: its index in `ScoreNames.cases`. */
  readonly cases: Uint32Array;
  /** Number of the structure; for a case, the structure of its worst label. */
  readonly structures: Uint16Array;
  /** Lower is worse. */
  readonly scores: Float64Array;
  /**
   * The dice that the label is expected to have with the true mask; for a case, the value of `joinedErrors`
   * for these dices of its labels. NaN if unknown.
   */
  readonly expected: Float32Array;
}

/**
 * Whether the scores can be ranked by a measure: always by the learned and the combined score, else if any
 * label has a value of the measure. True without any scores.
 */
export function hasMeasure(columns: ScoreColumns, by: RankBy): boolean {
  if (by === 'learned' || by === 'combined' || columns.cases.length === 0) return true;
  return columns[by].some((value) => !Number.isNaN(value));
}

/** The rows of each case that has scores; the cases are in the order in which they first appear. */
function rowsByCase({ cases }: ScoreColumns): Uint32Array[] {
  const counts = new Uint32Array(cases.reduce((most, place) => Math.max(most, place + 1), 0));
  for (const place of cases) counts[place] += 1;
  const ends = new Uint32Array(counts.length);
  const firsts: number[] = [];
  const rows = new Uint32Array(cases.length);
  let taken = 0;
  cases.forEach((place, row) => {
    if (ends[place] === 0) {
      firsts.push(taken);
      ends[place] = taken;
      taken += counts[place];
    }
    rows[ends[place]] = row;
    ends[place] += 1;
  });
  return firsts.map((first, index) => rows.subarray(first, firsts[index + 1]));
}

/** For each case, the mean or the lowest of its labels' values; NaN if no label has a value. */
function joined(values: Float64Array, cases: readonly Uint32Array[], join: 'mean' | 'lowest') {
  return new Float64Array(cases.length).map((_, index) => {
    let [sum, count, lowest] = [0, 0, Infinity];
    for (const row of cases[index]) {
      if (Number.isNaN(values[row])) continue;
      sum += values[row];
      count += 1;
      lowest = Math.min(lowest, values[row]);
    }
    return count === 0 ? NaN : join === 'mean' ? sum / count : lowest;
  });
}

/**
 * The combined score of each label: the dice that it is expected to have with the true mask. Where a
 * structure has too few labels for a calibration, the soft dice with the segmenter stands in.
 */
function expectedValues({ expected, disagreement }: ScoreColumns): Float64Array {
  return Float64Array.from(expected, (dice, row) =>
    Number.isNaN(dice) ? 1 - disagreement[row] : dice,
  );
}

/**
 * The combined score of each case: 1 − the root mean square of its labels' errors (1 − dice). The worst
 * label counts most, and a case with two bad labels comes before a case with one. NaN if no label has a
 * value.
 */
function joinedErrors(
  values: Float64Array | Float32Array,
  cases: readonly Uint32Array[],
): Float64Array {
  return new Float64Array(cases.length).map((_, index) => {
    let [sum, count] = [0, 0];
    for (const row of cases[index]) {
      if (Number.isNaN(values[row])) continue;
      sum += (1 - values[row]) ** 2;
      count += 1;
    }
    return count === 0 ? NaN : 1 - Math.sqrt(sum / count);
  });
}

/** The value of each label and of each case by one measure; lower is worse. */
function valuesOf(
  columns: ScoreColumns,
  by: RankBy,
  cases: readonly Uint32Array[],
): { labels: Float64Array; cases: Float64Array } {
  const caseScores = pick(columns.caseScore, firstRows(cases), new Float64Array(cases.length));
  switch (by) {
    case 'learned':
      return { labels: columns.learned, cases: caseScores };
    case 'disagreement': {
      const labels = columns.disagreement.map((value) => 1 - value);
      return { labels, cases: joined(labels, cases, 'mean') };
    }
    case 'softmin':
      return { labels: columns.softmin, cases: joined(columns.softmin, cases, 'lowest') };
    case 'combined': {
      if (!hasMeasure(columns, 'disagreement'))
        return { labels: columns.learned, cases: caseScores };
      const labels = expectedValues(columns);
      return { labels, cases: joinedErrors(labels, cases) };
    }
  }
}

/** The index of the first number in `sorted` that is not below `value`; its length if all are below. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * Indices of the finite values, lowest first. The numbers are sorted without a comparison function, and
 * `compare` orders only equal numbers, by name. This is several times as fast as one sort with `compare`.
 */
function sorted(values: Float64Array, compare: (a: number, b: number) => number): Uint32Array {
  const numbers = values.filter((value) => Number.isFinite(value)).sort();
  const order = new Uint32Array(numbers.length);
  const taken = new Uint32Array(numbers.length);
  for (let index = 0; index < values.length; index += 1) {
    if (!Number.isFinite(values[index])) continue;
    const first = lowerBound(numbers, values[index]);
    order[first + taken[first]] = index;
    taken[first] += 1;
  }
  for (let first = 0; first < order.length; first += taken[first]) {
    if (taken[first] > 1) order.subarray(first, first + taken[first]).sort(compare);
  }
  return order;
}

/** Takes these rows of an order, in this sequence. */
function orderOf(rows: Uint32Array, { cases, structures, scores, expected }: Order): Order {
  return {
    cases: pick(cases, rows, new Uint32Array(rows.length)),
    structures: pick(structures, rows, new Uint16Array(rows.length)),
    scores: pick(scores, rows, new Float64Array(rows.length)),
    expected: pick(expected, rows, new Float32Array(rows.length)),
  };
}

function firstRows(cases: readonly Uint32Array[]): Uint32Array {
  const rows = new Uint32Array(cases.length);
  for (let index = 0; index < rows.length; index += 1) rows[index] = cases[index][0];
  return rows;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The orders of the labels and of the cases by one measure, worst first. Equal scores are ordered by case
 * id, then by structure. A label or case without a value is left out.
 *
 * The value of a label and of a case, by measure:
 * - `learned`: the QAM's score of the label; the QAM's score of the case.
 * - `disagreement`: 1 − disagreement, which is the soft dice; the mean of this over the case's labels.
 * - `softmin`: the label's softmin; the lowest softmin of the case's labels.
 * - `combined`: the dice that is expected with the true mask (`expectedValues`); for a case, `joinedErrors`
 *   of these dices. For scores of a QAM alone, which has no segmenter, the values of `learned`.
 * @param columns the scores of only the labels that are present now: an absent label would be ranked, too,
 *   and change the value of its case
 * @throws UserError when the measure needs a segmenter and the scores come from a QAM alone.
 */
export function ordersOf(
  columns: ScoreColumns,
  places: ScoreNames,
  by: RankBy,
): Readonly<Record<RankPer, Order>> {
  if (!hasMeasure(columns, by)) {
    throw new UserError(
      `These scores come from a QAM alone, and ${by} needs a segmenter: ` +
        'rank by learned or combined.',
    );
  }
  const { cases, structures, expected } = columns;
  const groups = rowsByCase(columns);
  const { labels: values, cases: wholes } = valuesOf(columns, by, groups);
  const rows = sorted(
    values,
    (a, b) =>
      compareText(places.cases[cases[a]], places.cases[cases[b]]) ||
      compareText(places.structures[structures[a]], places.structures[structures[b]]),
  );
  const label = orderOf(rows, { cases, structures, scores: values, expected });

  const caseOf = pick(cases, firstRows(groups), new Uint32Array(groups.length));
  const wholeRows = sorted(wholes, (a, b) =>
    compareText(places.cases[caseOf[a]], places.cases[caseOf[b]]),
  );
  const worst = pick(structures, firstRows(groups), new Uint16Array(groups.length));
  const groupAt = new Uint32Array(places.cases.length);
  for (let group = 0; group < groups.length; group += 1) groupAt[caseOf[group]] = group;
  for (let row = label.cases.length - 1; row >= 0; row -= 1) {
    worst[groupAt[label.cases[row]]] = label.structures[row];
  }
  return {
    label,
    case: orderOf(wholeRows, {
      cases: caseOf,
      structures: worst,
      scores: wholes,
      expected: Float32Array.from(joinedErrors(expected, groups)),
    }),
  };
}
