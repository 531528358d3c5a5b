/**
 * Blind checks: about one row in ten of the queue hides its rank and score. Half of the checks are
 * `random`: rows drawn from further down the ranking. They show how many errors the ranking overlooks.
 * The other half are `ranked`: rows that keep their place. They show how far the ranking sways the
 * person, and because of them a hidden rank does not mean a good label. The draw depends on the model's name
 * and not on the verdicts of the review, so the checks stay in their places during a review.
 */
import { drawAt, textSeed } from '../../../models/random.ts';
import type { BlindKind, RankPer } from '../../contract/terms.ts';
import type { Order } from '../../ranking/order.ts';
import type { VerdictLog } from '../../review/verdict-log.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { Labels } from './labels.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { Rankings } from './rankings.ts';

/** The fewest rows of a ranking with blind checks. A person soon reviews all rows of a shorter one. */
const FEWEST_ROWS = 50;
/** How many of the worst rows are never blind. */
const HEAD = 10;
/** After the first `HEAD` places, each block of this many places holds one check of each kind. */
const BLOCK = 20;
/** More than the rows of any ranking, and small enough that draw × ROW + row is an exact number. */
const ROW = 2 ** 23;

/** The order of a ranking's rows in a queue with blind checks. */
export interface Mix {
  /** Row of the ranking, by place in the queue. */
  readonly rows: Int32Array;
  /** Kind of check, by row of the ranking; undefined for a row that is not a check. */
  readonly kinds: readonly (BlindKind | undefined)[];
}

/**
 * Draws the blind checks of a ranking.
 * @param name seeds the draw
 * @param keyOf a row's number that does not depend on its rank
 * @param mayBe whether a row may be a check: true if nobody judged it before the model ranked
 * @returns null if the ranking is too short for blind checks
 */
export function mixOf(
  length: number,
  name: string,
  keyOf: (row: number) => number,
  mayBe: (row: number) => boolean,
): Mix | null {
  if (length < FEWEST_ROWS) return null;
  const seed = textSeed(name);
  const drawn = Float64Array.from(
    { length },
    (_, row) => drawAt(seed, keyOf(row)) * ROW + row,
  ).sort();
  const rows = new Int32Array(length);
  const kinds = new Array<BlindKind | undefined>(length).fill(undefined);
  let candidate = 0;
  let next = 0;
  let owed = false;
  /** Draws a row that lies more than a block below `place`, or −1 if none is left. */
  const fromTheRest = (place: number): number => {
    while (candidate < length) {
      const row = drawn[candidate] % ROW;
      candidate += 1;
      if (row > place + BLOCK && kinds[row] === undefined && mayBe(row)) return row;
    }
    return -1;
  };
  for (let place = 0; place < length; place += 1) {
    const block = Math.floor((place - HEAD) / BLOCK);
    const within = (place - HEAD) % BLOCK;
    const random = drawAt(~seed, 2 * block) % BLOCK;
    const ranked = (random + 1 + (drawAt(~seed, 2 * block + 1) % (BLOCK - 1))) % BLOCK;
    const row = place >= HEAD && within === random ? fromTheRest(place) : -1;
    if (row >= 0) {
      kinds[row] = 'random';
      rows[place] = row;
      continue;
    }
    while (kinds[next] === 'random') next += 1;
    owed ||= place >= HEAD && within === ranked;
    if (owed && mayBe(next)) {
      kinds[next] = 'ranked';
      owed = false;
    }
    rows[place] = next;
    next += 1;
  }
  return { rows, kinds };
}

export class BlindChecks {
  readonly #project: ProjectReader;
  readonly #labels: Labels;
  readonly #rankings: Rankings;
  readonly #judged: VerdictLog;
  readonly #mixes = new WeakMap<Ranking, Mix | null>();

  constructor(project: ProjectReader, labels: Labels, rankings: Rankings, judged: VerdictLog) {
    this.#project = project;
    this.#labels = labels;
    this.#rankings = rankings;
    this.#judged = judged;
  }

  /** The order of a ranking's queue, or null if the ranking is too short for blind checks. */
  mix(ranking: Ranking, per: RankPer): Mix | null {
    const cached = this.#mixes.get(ranking);
    if (cached !== undefined) return cached;
    const { cases, structures } = ranking.order;
    const width = per === 'case' ? 1 : this.#labels.structures.length;
    const keyOf = (row: number): number =>
      per === 'case' ? cases[row] : cases[row] * width + structures[row];
    const before = this.#judgedBefore(ranking.model, width);
    const mix = mixOf(
      ranking.length,
      `${ranking.model} ${per}`,
      keyOf,
      (row) => before[keyOf(row)] === 0,
    );
    this.#mixes.set(ranking, mix);
    return mix;
  }

  /**
   * Whether a row hides its rank and score: it is a check, and its label, or one label of its case, is
   * present and was never judged.
   */
  isBlind(ranking: Ranking, per: RankPer, row: number): boolean {
    if (this.mix(ranking, per)?.kinds[row] === undefined) return false;
    return per === 'case'
      ? this.#labels.structures.some((_, s) => this.#isFresh(ranking.order, row, s))
      : this.#isFresh(ranking.order, row, ranking.order.structures[row]);
  }

  /** The kind of blind check that a verdict on the label would be now; undefined if it would be none. */
  kindOf(per: RankPer, id: string, structure: string): BlindKind | undefined {
    const ranking = this.#rankings.get({ by: 'combined', per });
    const index = this.#labels.indexOf(id);
    const s = this.#labels.structureOf(structure);
    if (!ranking || index < 0 || s < 0) return undefined;
    const row = ranking.rowOf(index, s);
    const kind = row < 0 ? undefined : this.mix(ranking, per)?.kinds[row];
    return this.#judged.firstAt(id, structure) === undefined ? kind : undefined;
  }

  /** Whether the label is present and was never judged. */
  #isFresh({ cases }: Order, row: number, structure: number): boolean {
    const index = cases[row];
    if (this.#labels.verdict(index, structure) === undefined) return false;
    const { name } = this.#labels.structures[structure];
    return this.#judged.firstAt(this.#labels.id(index), name) === undefined;
  }

  /** For each row, by its key (`keyOf`): 1 if it was judged before the model's run ended, else 0. */
  #judgedBefore(model: string, width: number): Uint8Array {
    const before = new Uint8Array(this.#labels.size * width);
    const since = this.#project.run(model)?.endedAt ?? null;
    // For a model that is no run, the time at which it first ranked is unknown. Then no row counts as judged
    // before, because any verdict may be from a blind check.
    if (since === null) return before;
    for (const { case: id, structure } of this.#judged.list()) {
      const index = this.#labels.indexOf(id);
      const s = width === 1 ? 0 : this.#labels.structureOf(structure);
      const at = this.#judged.firstAt(id, structure);
      if (index >= 0 && s >= 0 && at !== undefined && at < since) before[index * width + s] = 1;
    }
    return before;
  }
}
