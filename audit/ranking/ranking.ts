/**
 * A ranking: labels or cases with their places. Scores → labels that are there → measures → z-scores →
 * combined score → order → places; the command line, the report and the window show this one.
 */
import type { RankBy, RankPer } from '../contract/terms.ts';
import { structureSpreads } from './combine.ts';
import { hasMeasure, lowerBound, ordersOf } from './order.ts';
import type { Order } from './order.ts';
import type { Spread } from './robust.ts';
import type { Places, ScoreColumns } from './score-columns.ts';

/** An order beside the one of the run before. */
export interface RankedOrder extends Order {
  /** Rank in the run before, from 1; 0 where it had none. */
  readonly previous: Uint32Array;
}

/** Both orders of one model, and what areas are compared with. */
export interface RankColumns {
  readonly label: RankedOrder;
  readonly case: RankedOrder;
  /** By the place of a structure: the centre and spread of its labels' areas; NaN without labels. */
  readonly areas: { readonly centre: Float64Array; readonly scale: Float64Array };
}

/** Where a label or a case stands. */
export interface Place {
  /** From 1, worst first. */
  readonly rank: number;
  readonly score: number;
  /** Share of all that score lower, 0 … 1. */
  readonly percentile: number;
  readonly previousRank: number | null;
}

/** Numbers labels (or cases) by their place, from 0. */
const numberOf = (order: Order, row: number, width: number): number =>
  width === 1 ? order.cases[row] : order.cases[row] * width + order.structures[row];

function besides(order: Order, before: Order | null, size: number, width: number): RankedOrder {
  const previous = new Uint32Array(order.cases.length);
  if (before !== null) {
    const ranks = new Uint32Array(size);
    before.cases.forEach((_, row) => (ranks[numberOf(before, row, width)] = row + 1));
    previous.forEach((_, row) => (previous[row] = ranks[numberOf(order, row, width)]));
  }
  return { ...order, previous };
}

/**
 * Ranks labels and cases by one measure.
 * @param columns of the labels that are there
 * @param before what the run before said of them; null where there was no run
 * @throws UserError when the measure needs a segmenter that was not there.
 */
export function rankColumns(
  columns: ScoreColumns,
  before: ScoreColumns | null,
  places: Places,
  by: RankBy,
): RankColumns {
  const now = ordersOf(columns, places, by);
  const earlier = before !== null && hasMeasure(before, by) ? ordersOf(before, places, by) : null;
  const spreads = structureSpreads(columns, columns.area, places.structures.length);
  const width = places.structures.length;
  const labels = places.cases.length * width;
  return {
    label: besides(now.label, earlier?.label ?? null, labels, width),
    case: besides(now.case, earlier?.case ?? null, places.cases.length, 1),
    areas: {
      centre: Float64Array.from(spreads, ({ centre }) => centre),
      scale: Float64Array.from(spreads, ({ scale }) => scale),
    },
  };
}

/** The labels, or the cases, that one model ranks: looked up by row and by place. */
export class Ranking {
  readonly model: string;
  readonly per: RankPer;
  readonly order: RankedOrder;
  readonly places: Places;
  readonly #areas: RankColumns['areas'];
  /** Row of each label (or case) by its number; −1 where it is not ranked. */
  #rows: Int32Array | null = null;

  constructor(model: string, per: RankPer, columns: RankColumns, places: Places) {
    this.model = model;
    this.per = per;
    this.order = columns[per];
    this.places = places;
    this.#areas = columns.areas;
  }

  get length(): number {
    return this.order.scores.length;
  }

  /** What stands in a row, from 0. */
  at(row: number): Place {
    const { scores, previous } = this.order;
    const score = scores[row];
    return {
      rank: row + 1,
      score,
      percentile: lowerBound(scores, score) / scores.length,
      previousRank: previous[row] === 0 ? null : previous[row],
    };
  }

  /** The row of a case, or of its label of a structure, by their places; −1 where it is not ranked. */
  rowOf(caseIndex: number, structure: number): number {
    this.#rows ??= this.#index();
    return this.#rows[this.#width === 1 ? caseIndex : caseIndex * this.#width + structure] ?? -1;
  }

  /** What the area of a label is compared with; null where no label of the structure was scored. */
  cohort(structure: string): Spread | null {
    const place = this.places.structures.indexOf(structure);
    const [centre, scale] = [this.#areas.centre[place], this.#areas.scale[place]];
    return place < 0 || Number.isNaN(centre) ? null : { centre, scale };
  }

  /** Numbers that a case has: 1, or one a structure. */
  get #width(): number {
    return this.per === 'case' ? 1 : this.places.structures.length;
  }

  #index(): Int32Array {
    const rows = new Int32Array(this.places.cases.length * this.#width).fill(-1);
    this.order.cases.forEach((_, row) => (rows[numberOf(this.order, row, this.#width)] = row));
    return rows;
  }
}
