/** Rankings of the open project, each made or read once and kept until scores or labels change. */
import type { RankBy, RankPer } from '../../contract/terms.ts';
import { readCalibration } from '../../ranking/calibration.ts';
import type { Calibration } from '../../ranking/calibration.ts';
import type { Order, RankColumns } from '../../ranking/columns.ts';
import { keptRanking } from '../../ranking/kept.ts';
import { rankingModel } from '../../ranking/model.ts';
import type { Spread } from '../../ranking/robust.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { Labels } from './labels.ts';
import { BoundedCache } from '../pictures/caches.ts';

export interface RankingQuery {
  readonly by: RankBy;
  readonly per: RankPer;
  /** A run, or another model that scored; the newest finished run when left out. */
  readonly run?: string | undefined;
}

/** Where something stands. */
export interface Place {
  /** From 1, worst first. */
  readonly rank: number;
  readonly score: number;
  /** Share of the others that score lower, 0 … 1. */
  readonly percentile: number;
  readonly previousRank: number | null;
}

export const labelKey = (id: string, structure: string): string => `${id}\n${structure}`;

/** The labels or the cases that are present now, worst first. */
export class Ranking {
  readonly model: string;
  /** Of a case, the structure is that of its label with the lowest rank. */
  readonly order: Order;
  /** Of each structure, the areas of its labels. */
  readonly cohorts: ReadonlyMap<string, Spread>;
  readonly #width: number;
  readonly #size: number;
  /** Row of each label (or case) by its number; −1 where it is not ranked. */
  #rows: Int32Array | null = null;

  /** @param width numbers a case has: 1, or one a structure */
  constructor(columns: RankColumns, order: Order, size: { cases: number; width: number }) {
    this.model = columns.model;
    this.cohorts = columns.cohorts;
    this.order = order;
    this.#width = size.width;
    this.#size = size.cases * size.width;
  }

  get length(): number {
    return this.order.scores.length;
  }

  /** What stands in a row, from 0. */
  at(row: number): Place {
    const { scores, previous } = this.order;
    const score = scores[row];
    let lower = row;
    while (lower > 0 && scores[lower - 1] === score) lower -= 1;
    return {
      rank: row + 1,
      score,
      percentile: lower / scores.length,
      previousRank: previous[row] === 0 ? null : previous[row],
    };
  }

  /** The row of a case, or of its label of a structure; −1 where that is not ranked. */
  rowOf(caseIndex: number, structure: number): number {
    this.#rows ??= this.#index();
    const within = this.#width === 1 ? 0 : structure;
    return this.#rows[caseIndex * this.#width + within] ?? -1;
  }

  #index(): Int32Array {
    const rows = new Int32Array(this.#size).fill(-1);
    const { cases, structures } = this.order;
    for (let row = 0; row < cases.length; row += 1) {
      const within = this.#width === 1 ? 0 : structures[row];
      rows[cases[row] * this.#width + within] = row;
    }
    return rows;
  }
}

/** The rows of an order that `keep` says. */
function kept(order: Order, keep: (row: number) => boolean): Order {
  const rows = Uint32Array.from(order.cases, (_, row) => row).filter(keep);
  if (rows.length === order.cases.length) return order;
  return {
    cases: Uint32Array.from(rows, (row) => order.cases[row]),
    structures: Uint16Array.from(rows, (row) => order.structures[row]),
    scores: Float64Array.from(rows, (row) => order.scores[row]),
    previous: Uint32Array.from(rows, (row) => order.previous[row]),
    expected: Float32Array.from(rows, (row) => order.expected[row]),
  };
}

/** Both orders of what is present now. */
function present(columns: RankColumns, labels: Labels): Record<RankPer, Ranking> {
  const isPresent = (row: number): boolean => {
    const { cases, structures } = columns.labels;
    return labels.verdict(cases[row], structures[row]) !== undefined;
  };
  const byLabel = labels.complete ? columns.labels : kept(columns.labels, isPresent);
  /** Of each case, the structure to look at first; 0xffff where nothing is left of it. */
  const worst = new Uint16Array(labels.size).fill(0xffff);
  for (let row = byLabel.cases.length - 1; row >= 0; row -= 1) {
    worst[byLabel.cases[row]] = byLabel.structures[row];
  }
  const byCase = kept(columns.cases, (row) => worst[columns.cases.cases[row]] !== 0xffff);
  const structures = new Uint16Array(byCase.cases.length);
  for (let row = 0; row < structures.length; row += 1) structures[row] = worst[byCase.cases[row]];
  const { size: cases } = labels;
  return {
    label: new Ranking(columns, byLabel, { cases, width: labels.structures.length }),
    case: new Ranking(columns, { ...byCase, structures }, { cases, width: 1 }),
  };
}

/** Measures and models whose rankings are kept. */
const KEPT = 4;

export class Rankings {
  readonly #project: ProjectReader;
  readonly #labels: Labels;
  readonly #columns = new BoundedCache<RankColumns>(KEPT);
  readonly #present = new BoundedCache<Readonly<Record<RankPer, Ranking>>>(KEPT);
  readonly #calibrations = new Map<string, Calibration | null>();
  #model: string | null | undefined;

  constructor(project: ProjectReader, labels: Labels) {
    this.#project = project;
    this.#labels = labels;
  }

  clear(): void {
    this.#columns.clear();
    this.#calibrations.clear();
    this.#model = undefined;
    this.labelsChanged();
  }

  /** Labels came or went: what models said stays. */
  labelsChanged(): void {
    this.#present.clear();
  }

  /**
   * The model that ranks; null when nothing was scored yet and none was asked for.
   * @throws UserError when `run` has no scores.
   */
  model(run?: string): string | null {
    if (run !== undefined) return rankingModel(this.#project, run);
    if (this.#model === undefined) {
      const none = this.#project.scoredModelNames().length === 0;
      this.#model = none ? null : rankingModel(this.#project);
    }
    return this.#model;
  }

  /** What the scores of a model mean in dice with the truth; null where nobody found out. */
  calibration(model: string): Calibration | null {
    let known = this.#calibrations.get(model);
    if (known === undefined) {
      known = readCalibration(this.#project.calibration(model));
      this.#calibrations.set(model, known);
    }
    return known;
  }

  /** @throws UserError when `run` has no scores, or the measure needs a segmenter it had not. */
  get({ by, per, run }: RankingQuery): Ranking | null {
    const model = this.model(run);
    if (model === null) return null;
    const key = `${by} ${model}`;
    const known = this.#present.get(key);
    if (known) return known[per];
    const { cases } = this.#labels.table;
    const columns = this.#columns.get(key) ?? keptRanking(this.#project, cases, { by, model });
    const made = present(columns, this.#labels);
    this.#columns.set(key, columns, 1);
    this.#present.set(key, made, 1);
    return made[per];
  }
}
