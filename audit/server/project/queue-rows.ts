/**
 * The rows of a queue before any filter: the ranking, then the cases or labels without a rank. Rows are kept
 * as numbers, so that a queue of 100,000 cases is made in milliseconds.
 */
import type { RankPer, Verdict } from '../../contract/terms.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { Labels } from './labels.ts';
import type { RankingChoice, Rankings } from './rankings.ts';

/**
 * First the ranked rows, worst first, at the same places as in `ranking`; then the unranked rows, sorted by
 * the case's name.
 */
export interface Rows {
  /** Null if nothing was scored yet. */
  readonly ranking: Ranking | null;
  /** The place of each row's case in import order. */
  readonly cases: Int32Array;
  /** The place of each row's structure among the project's structures, or −1 in a queue by case. */
  readonly structures: Int32Array;
}

export class QueueRows {
  readonly #labels: Labels;
  readonly #rankings: Rankings;
  readonly #rows = new Map<string, Rows>();
  #nameRanks: Uint32Array | null = null;

  constructor(labels: Labels, rankings: Rankings) {
    this.#labels = labels;
    this.#rankings = rankings;
  }

  /** Drops the kept rows, because the ranking changed. */
  clear(): void {
    this.#rows.clear();
  }

  /** Drops everything, because the project may have other cases now. */
  reset(): void {
    this.#nameRanks = null;
    this.clear();
  }

  /** @throws UserError when `run` has no scores */
  get(choice: RankingChoice): Rows {
    const { by, per, run } = choice;
    const key = `${per} ${by} ${run ?? ''}`;
    const cached = this.#rows.get(key);
    if (cached) return cached;
    const ranking = this.#rankings.get(choice);
    const unranked = this.#unranked(ranking, per);
    const ranked = ranking?.length ?? 0;
    const cases = new Int32Array(ranked + unranked.length);
    const structures = new Int32Array(cases.length).fill(-1);
    if (ranking) {
      cases.set(ranking.order.cases);
      if (per === 'label') structures.set(ranking.order.structures);
    }
    unranked.forEach(([index, structure], place) => {
      cases[ranked + place] = index;
      structures[ranked + place] = structure;
    });
    const rows = { ranking, cases, structures };
    this.#rows.set(key, rows);
    return rows;
  }

  /** For each case in import order: its place when the cases are sorted by name. */
  nameRanks(): Uint32Array {
    const { cases } = this.#labels.table;
    if (this.#nameRanks?.length === cases.length) return this.#nameRanks;
    const byName = new Intl.Collator('en', { numeric: true });
    const ranks = new Uint32Array(cases.length);
    const order = cases.map((_, index) => index);
    order.sort((a, b) => byName.compare(cases[a], cases[b]));
    order.forEach((index, place) => (ranks[index] = place));
    this.#nameRanks = ranks;
    return ranks;
  }

  /**
   * For each row without a rank: the place of its case and the place of its structure, which is −1 in a queue
   * by case. The rows are sorted by the case's name.
   */
  #unranked(ranking: Ranking | null, per: RankPer): [number, number][] {
    const labels = this.#labels;
    const width = per === 'case' ? 1 : labels.structures.length;
    const unranked: [number, number][] = [];
    if (ranking?.length === labels.size * width) return unranked;
    for (let index = 0; index < labels.size; index += 1) {
      for (let s = 0; s < width; s += 1) {
        if (ranking && ranking.rowOf(index, s) >= 0) continue;
        if (per === 'case') unranked.push([index, -1]);
        else if (labels.verdict(index, s) !== undefined) unranked.push([index, s]);
      }
    }
    if (unranked.length === 0) return unranked;
    const names = this.nameRanks();
    return unranked.sort(([a], [b]) => names[a] - names[b]);
  }
}

/** The current verdict of a row's label, or of its case in a queue by case. */
export function rowVerdict(
  labels: Labels,
  { cases, structures }: Rows,
  row: number,
): Verdict | null {
  const structure = structures[row];
  if (structure < 0) return labels.caseVerdict(cases[row]);
  return labels.verdict(cases[row], structure) ?? null;
}

/**
 * The place of the structure of a row's label. In a queue by case: of the case's worst label, or −1 if the
 * case is not ranked.
 */
export function rowStructure({ ranking, structures }: Rows, row: number): number {
  const own = structures[row];
  return own < 0 ? (ranking?.order.structures[row] ?? -1) : own;
}
