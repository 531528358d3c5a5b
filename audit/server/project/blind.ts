/**
 * Blind checks: about one place in ten of the queue is judged without the ranking in sight. Half of
 * them are drawn from the rest of the ranking, which tells what the ranking overlooks; half are what
 * stands in that place anyway, so that blind does not mean good, and tells whether the ranking sways
 * the reader. Where they are follows from the model's name alone: it stays while the review goes on.
 */
import { drawAt, textSeed } from '../../../models/random.ts';
import type { BlindKind, RankPer } from '../../contract/terms.ts';
import type { Order } from '../../ranking/order.ts';
import type { VerdictLog } from '../../review/verdict-log.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { Labels } from './labels.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { Rankings } from './rankings.ts';

/** A shorter ranking is reviewed whole in no time. */
const FEWEST_ROWS = 50;
/** The worst ones are never blind. */
const HEAD = 10;
/** Places with one check of each kind. */
const BLOCK = 20;
/** Bits of a row's number beside its draw, in one exact number. */
const ROW = 2 ** 23;

/** In which order the rows of a ranking stand in the queue, and which of them are blind checks. */
export interface Mix {
  /** By place. */
  readonly rows: Int32Array;
  /** By row. */
  readonly kinds: readonly (BlindKind | undefined)[];
}

/**
 * @param keyOf names a row whatever its place in the ranking
 * @param mayBe whether a row may be a check: nobody judged it before the ranking was made
 * @returns null for a ranking too short for it
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
  /** Of the rest of the ranking, not of what comes in a moment anyway. */
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

  /** How the queue of a ranking is mixed; null where nothing is blind. */
  mix(ranking: Ranking, per: RankPer): Mix | null {
    const known = this.#mixes.get(ranking);
    if (known !== undefined) return known;
    const { cases, structures } = ranking.order;
    const width = per === 'case' ? 1 : this.#labels.structures.length;
    const keyOf = (row: number): number =>
      per === 'case' ? cases[row] : cases[row] * width + structures[row];
    const before = this.#judgedBefore(ranking.model, width);
    const made = mixOf(
      ranking.length,
      `${ranking.model} ${per}`,
      keyOf,
      (row) => before[keyOf(row)] === 0,
    );
    this.#mixes.set(ranking, made);
    return made;
  }

  /** Whether a row is to be judged without the ranking: it is a check, and never was judged. */
  isBlind(ranking: Ranking, per: RankPer, row: number): boolean {
    if (this.mix(ranking, per)?.kinds[row] === undefined) return false;
    return per === 'case'
      ? this.#labels.structures.some((_, s) => this.#isFresh(ranking.order, row, s))
      : this.#isFresh(ranking.order, row, ranking.order.structures[row]);
  }

  /** What a verdict on a label is, given in a queue with blind checks; undefined: no blind one. */
  kindOf(per: RankPer, id: string, structure: string): BlindKind | undefined {
    const ranking = this.#rankings.get({ by: 'combined', per });
    const index = this.#labels.indexOf(id);
    const s = this.#labels.structureOf(structure);
    if (!ranking || index < 0 || s < 0) return undefined;
    const row = ranking.rowOf(index, s);
    const kind = row < 0 ? undefined : this.mix(ranking, per)?.kinds[row];
    return this.#judged.firstAt(id, structure) === undefined ? kind : undefined;
  }

  /** Whether the label is there and was never judged. */
  #isFresh({ cases }: Order, row: number, structure: number): boolean {
    const index = cases[row];
    if (this.#labels.verdict(index, structure) === undefined) return false;
    const { name } = this.#labels.structures[structure];
    return this.#judged.firstAt(this.#labels.id(index), name) === undefined;
  }

  /** By key: 1 where a verdict was given before the model ranked. */
  #judgedBefore(model: string, width: number): Uint8Array {
    const before = new Uint8Array(this.#labels.size * width);
    const since = this.#project.run(model)?.endedAt ?? null;
    // Another's network has no time of its own: all that was judged may be a check that was made.
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
