/**
 * Ranks labels and cases in these steps: scores of the labels present now → one value for each label and
 * case by the measure → order → ranks. The command line, the report and the window show this ranking.
 */
import type { RankBy, RankNumber, RankPer } from '../contract/terms.ts';
import { spreadsOf } from './z-scores.ts';
import { hasMeasure, lowerBound, ordersOf } from './order.ts';
import type { Order } from './order.ts';
import type { Spread } from './robust.ts';
import type { ScoreNames, ScoreColumns } from './score-columns.ts';

/** An order, and the rank that each row had by the run before the ranking model (`previousModel`). */
export interface RankedOrder extends Order {
  /** Rank by that run, from 1; 0 if that run did not rank the row, or there is none. */
  readonly previous: Uint32Array;
}

/** The orders of labels and of cases by one model, and the typical areas of the structures. */
export interface RankColumns {
  readonly label: RankedOrder;
  readonly case: RankedOrder;
  /**
   * Centre and spread of the areas of each structure's drawn labels, by the structure's number. The centre
   * is NaN for a structure without a drawn label.
   */
  readonly areas: { readonly centre: Float64Array; readonly scale: Float64Array };
  /** What the scores are. If `expected`, a label without an expected dice has its agreement instead. */
  readonly number: RankNumber;
}

/** Where a label or a case stands in a ranking. */
export interface Standing {
  /** From 1, worst first. */
  readonly rank: number;
  readonly score: number;
  /** What `score` is. */
  readonly number: RankNumber;
  /** Share of the labels or cases that have a lower score, 0 … 1. */
  readonly percentile: number;
  readonly previousRank: number | null;
}

/** The number of a row's case, or of its label (case × structures + structure). @param width 1 for cases */
const numberOf = (order: Order, row: number, width: number): number =>
  width === 1 ? order.cases[row] : order.cases[row] * width + order.structures[row];

function withPrevious(
  order: Order,
  before: Order | null,
  size: number,
  width: number,
): RankedOrder {
  const previous = new Uint32Array(order.cases.length);
  if (before !== null) {
    const ranks = new Uint32Array(size);
    before.cases.forEach((_, row) => (ranks[numberOf(before, row, width)] = row + 1));
    previous.forEach((_, row) => (previous[row] = ranks[numberOf(order, row, width)]));
  }
  return { ...order, previous };
}

/** What the scores of a ranking by this measure are. */
function numberOfMeasure(columns: ScoreColumns, by: RankBy): RankNumber {
  if (by === 'disagreement') return 'agreement';
  if (by !== 'combined') return by;
  const { cases, expected } = columns;
  if (cases.length === 0 || expected.some((dice) => !Number.isNaN(dice))) return 'expected';
  return hasMeasure(columns, 'disagreement') ? 'agreement' : 'learned';
}

/**
 * Ranks labels and cases by one measure.
 * @param columns the scores of the labels that are present now
 * @param before the scores of the present labels by the run before the ranking model; null without one
 * @throws UserError when the measure needs a segmenter and the scores have none.
 */
export function rankColumns(
  columns: ScoreColumns,
  before: ScoreColumns | null,
  places: ScoreNames,
  by: RankBy,
): RankColumns {
  const now = ordersOf(columns, places, by);
  const earlier = before !== null && hasMeasure(before, by) ? ordersOf(before, places, by) : null;
  // An empty label has no area to compare.
  const drawn = columns.area.map((area) => (area > 0 ? area : NaN));
  const spreads = spreadsOf(columns.structures, drawn, places.structures.length);
  const width = places.structures.length;
  const labels = places.cases.length * width;
  return {
    label: withPrevious(now.label, earlier?.label ?? null, labels, width),
    case: withPrevious(now.case, earlier?.case ?? null, places.cases.length, 1),
    areas: {
      centre: Float64Array.from(spreads, ({ centre }) => centre),
      scale: Float64Array.from(spreads, ({ scale }) => scale),
    },
    number: numberOfMeasure(columns, by),
  };
}

/** The labels, or the cases, as one model ranks them; looked up by row or by number. */
export class Ranking {
  readonly model: string;
  readonly per: RankPer;
  readonly order: RankedOrder;
  readonly places: ScoreNames;
  /** What the scores are. If `expected`, a label without an expected dice has its agreement instead. */
  readonly number: RankNumber;
  readonly #areas: RankColumns['areas'];
  /** The row of each label or case by its number; −1 if it is not ranked. */
  #rows: Int32Array | null = null;

  constructor(model: string, per: RankPer, columns: RankColumns, places: ScoreNames) {
    this.model = model;
    this.per = per;
    this.order = columns[per];
    this.places = places;
    this.number = columns.number;
    this.#areas = columns.areas;
  }

  get length(): number {
    return this.order.scores.length;
  }

  /** @param row from 0 */
  at(row: number): Standing {
    const { scores, previous } = this.order;
    const score = scores[row];
    return {
      rank: row + 1,
      score,
      number: this.#hasStandIn(row) ? 'agreement' : this.number,
      percentile: lowerBound(scores, score) / scores.length,
      previousRank: previous[row] === 0 ? null : previous[row],
    };
  }

  /** Whether the score of a row stands in for its expected dice, which is unknown. */
  #hasStandIn(row: number): boolean {
    return this.number === 'expected' && Number.isNaN(this.order.expected[row]);
  }

  /** The structures with rows whose score stands in for the expected dice. */
  uncalibrated(): string[] {
    const { structures } = this.order;
    const found = new Set<number>();
    structures.forEach((structure, row) => {
      if (this.#hasStandIn(row)) found.add(structure);
    });
    return [...found].sort((a, b) => a - b).map((structure) => this.places.structures[structure]);
  }

  /** The row of a case, or of the case's label of a structure, by their numbers; −1 if it is not ranked. */
  rowOf(caseIndex: number, structure: number): number {
    this.#rows ??= this.#index();
    return this.#rows[this.#width === 1 ? caseIndex : caseIndex * this.#width + structure] ?? -1;
  }

  /** The typical area of a structure's drawn labels; null if none of them was scored. */
  cohort(structure: string): Spread | null {
    const place = this.places.structures.indexOf(structure);
    const [centre, scale] = [this.#areas.centre[place], this.#areas.scale[place]];
    return place < 0 || Number.isNaN(centre) ? null : { centre, scale };
  }

  /** The number of rows that a case can have: 1, or one for each structure. */
  get #width(): number {
    return this.per === 'case' ? 1 : this.places.structures.length;
  }

  #index(): Int32Array {
    const rows = new Int32Array(this.places.cases.length * this.#width).fill(-1);
    this.order.cases.forEach((_, row) => (rows[numberOf(this.order, row, this.#width)] = row));
    return rows;
  }
}
