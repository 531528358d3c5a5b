/**
 * The queue: every case (or label) with its place in the ranking and its verdict, filtered and
 * sorted, a page at a time. What a filter or an order leaves is kept as numbers, so that a page of
 * 100,000 cases takes milliseconds.
 */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { hasBlindChecks } from '../../contract/api.ts';
import type { CasesPage, CasesQuery, QueueEntry } from '../../contract/api.ts';
import { CaseColumn } from '../../contract/terms.ts';
import type { CaseSummary, Verdict } from '../../contract/terms.ts';
import { NOTHING_SAID } from '../../store/columntable.ts';
import type { LabelScore, ProjectReader } from '../../store/types.ts';
import type { BlindChecks } from './blind.ts';
import type { Labels } from './labels.ts';
import { expectedDice } from '../../ranking/calibration.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { Rankings } from './rankings.ts';
import type { z } from 'zod';

type Query = z.output<typeof CasesQuery>;

/** What there is to show, in numbers: cases (structure −1), or labels. */
interface Rows {
  readonly source: Ranking | null;
  /** Worst first, then what was never ranked, by name. */
  readonly cases: Int32Array;
  readonly structures: Int32Array;
}

/** What a filter and an order left at one time, so that a list can be shown that does not jump. */
interface Snapshot {
  readonly id: string;
  readonly rows: Rows;
  /** Places in `rows`. */
  readonly view: Int32Array;
}

const VIEWS = 16;
const SNAPSHOTS = 8;
const VERDICT_ORDER: readonly (Verdict | null)[] = [
  null,
  'flagged',
  'fixed',
  'excluded',
  'accepted',
];
const byName = new Intl.Collator('en', { numeric: true });

export class Queue {
  readonly #project: ProjectReader;
  readonly #labels: Labels;
  readonly #rankings: Rankings;
  readonly #blind: BlindChecks;
  /** Place of each case in the order of names. */
  #names: Uint32Array | null = null;
  readonly #rows = new Map<string, Rows>();
  readonly #views = new LRUCache<string, Int32Array>({ max: VIEWS });
  readonly #snapshots = new LRUCache<string, Snapshot>({ max: SNAPSHOTS });

  constructor(project: ProjectReader, labels: Labels, rankings: Rankings, blind: BlindChecks) {
    this.#project = project;
    this.#labels = labels;
    this.#rankings = rankings;
    this.#blind = blind;
  }

  /** Cases were added, labels came or went, or everything may have changed. */
  reset(): void {
    this.#names = null;
    this.#snapshots.clear();
    this.rankingChanged();
  }

  rankingChanged(): void {
    this.#rows.clear();
    this.#views.clear();
  }

  verdictsChanged(): void {
    this.#views.clear();
  }

  page(query: Query): CasesPage {
    const { id, rows, view } = this.#snapshot(query);
    const slice = [...view.subarray(query.offset, query.offset + query.limit)];
    const ids = slice.map((row) => this.#labels.id(rows.cases[row]));
    const summaries = new Map(this.#project.casesOf([...new Set(ids)]).map((one) => [one.id, one]));
    const entries = slice.flatMap((row, index) => {
      const summary = summaries.get(ids[index]);
      return summary ? [this.#entry(query, rows, row, summary)] : [];
    });
    return {
      offset: query.offset,
      total: view.length,
      entries,
      model: rows.source?.model ?? null,
      snapshot: id,
      found: this.#find(query, rows, view),
    };
  }

  /** The one asked for where it is still there, else that of now. */
  #snapshot(query: Query): Snapshot {
    const asked = this.#snapshots.get(query.snapshot ?? '');
    const snapshot = asked ?? this.#takeSnapshot(query);
    this.#snapshots.set(snapshot.id, snapshot);
    return snapshot;
  }

  #takeSnapshot(query: Query): Snapshot {
    const rows = this.#rowsOf(query);
    const view = this.#viewOf(query, rows);
    for (const snapshot of this.#snapshots.values()) {
      if (snapshot.view === view) return snapshot;
    }
    return { id: randomUUID(), rows, view };
  }

  #find(query: Query, rows: Rows, view: Int32Array): number | null {
    let at = -1;
    if (query.find !== undefined) {
      const wanted = this.#labels.indexOf(query.find);
      const structure = this.#labels.structureOf(query.findStructure);
      at = view.findIndex((row) => {
        if (rows.cases[row] !== wanted) return false;
        const own = rows.structures[row];
        return own < 0 || structure < 0 || own === structure;
      });
    } else if (query.findOpen !== undefined) {
      const from = query.findOpen;
      at = view.findIndex((row, place) => place >= from && !this.#verdictOf(rows, row));
    }
    return at < 0 ? null : at;
  }

  /** Places of the cases in the order of their names. */
  #byName(): Uint32Array {
    const { cases } = this.#labels.table;
    if (this.#names?.length === cases.length) return this.#names;
    const names = new Uint32Array(cases.length);
    const order = cases.map((_, index) => index);
    order.sort((a, b) => byName.compare(cases[a], cases[b]));
    order.forEach((index, place) => (names[index] = place));
    this.#names = names;
    return names;
  }

  #rowsOf(query: Query): Rows {
    const key = `${query.per} ${query.by} ${query.run ?? ''}`;
    const known = this.#rows.get(key);
    if (known) return known;
    const source = this.#rankings.get(query);
    const unranked = this.#unranked(source, query.per === 'case');
    const ranked = source?.length ?? 0;
    const cases = new Int32Array(ranked + unranked.length);
    const structures = new Int32Array(cases.length).fill(-1);
    if (source) {
      cases.set(source.order.cases);
      if (query.per === 'label') structures.set(source.order.structures);
    }
    unranked.forEach(([index, structure], place) => {
      cases[ranked + place] = index;
      structures[ranked + place] = structure;
    });
    const rows = { source, cases, structures };
    this.#rows.set(key, rows);
    return rows;
  }

  /** Cases, or labels, that have no place in the ranking, by name. */
  #unranked(source: Ranking | null, perCase: boolean): [number, number][] {
    const labels = this.#labels;
    const width = perCase ? 1 : labels.structures.length;
    const unranked: [number, number][] = [];
    if (source?.length === labels.size * width) return unranked;
    for (let index = 0; index < labels.size; index += 1) {
      for (let s = 0; s < width; s += 1) {
        if (source && source.rowOf(index, s) >= 0) continue;
        if (perCase) unranked.push([index, -1]);
        else if (labels.verdict(index, s) !== undefined) unranked.push([index, s]);
      }
    }
    if (unranked.length === 0) return unranked;
    const names = this.#byName();
    return unranked.sort(([a], [b]) => names[a] - names[b]);
  }

  #verdictOf({ cases, structures }: Rows, row: number): Verdict | null {
    const structure = structures[row];
    if (structure < 0) return this.#labels.caseVerdict(cases[row]);
    return this.#labels.verdict(cases[row], structure) ?? null;
  }

  #viewOf(query: Query, rows: Rows): Int32Array {
    // What does not change which rows there are, or their order, has no part in it.
    const { search: text, sort, order, per, by, run, structure, verdict, min, max } = query;
    const about = CaseColumn.options.map((column) => query[column] ?? null);
    const mixed = hasBlindChecks(query);
    const shown = [text, sort, order, per, by, run, structure, verdict, min, max, about, mixed];
    const key = JSON.stringify(shown);
    const known = this.#views.get(key);
    if (known) return known;
    const search = text.toLowerCase();
    const wanted = this.#labels.structureOf(structure);
    const scores = rows.source?.order.scores;
    const columns = this.#wantedOf(query);
    const isIn = (row: number): boolean => {
      if (search !== '' && !this.#labels.id(rows.cases[row]).toLowerCase().includes(search)) {
        return false;
      }
      if (structure !== undefined && !this.#isOf(rows, row, wanted)) return false;
      if (columns.some(({ places, place }) => places[rows.cases[row]] !== place)) return false;
      if (verdict !== undefined) {
        const own = this.#verdictOf(rows, row);
        if (own !== (verdict === 'none' ? null : verdict)) return false;
      }
      // What is ranked stands first: a row is its place in the ranking.
      const score = scores?.[row];
      if (min !== undefined && !(score !== undefined && score >= min)) return false;
      return max === undefined || (score !== undefined && score <= max);
    };
    const mix = mixed && rows.source ? this.#blind.mix(rows.source, per) : null;
    const ordered = Int32Array.from(rows.cases, (_, place) => mix?.rows[place] ?? place);
    const view = ordered.filter(isIn);
    if (sort === 'name') {
      const names = this.#byName();
      view.sort((a, b) => names[rows.cases[a]] - names[rows.cases[b]] || a - b);
    } else if (sort === 'verdict') {
      const place = (row: number): number => VERDICT_ORDER.indexOf(this.#verdictOf(rows, row));
      view.sort((a, b) => place(a) - place(b) || a - b);
    }
    if (order === 'descending') view.reverse();
    this.#views.set(key, view);
    return view;
  }

  /** The columns that the query asks for something of, and the place in each that a case must have. */
  #wantedOf(query: Query): { places: Int32Array; place: number }[] {
    return CaseColumn.options.flatMap((column) => {
      const value = query[column];
      if (value === undefined) return [];
      const { values, places } = this.#labels.column(column);
      // No case has a place beyond the last value: nothing has a value that is unknown.
      const known = values.indexOf(value);
      const place = value === '' ? NOTHING_SAID : known < 0 ? values.length : known;
      return [{ places, place }];
    });
  }

  /** The structure that a row is about: a label's own; of a ranked case, the one to look at first. */
  #structureOf(rows: Rows, row: number): number {
    const own = rows.structures[row];
    return own < 0 ? (rows.source?.order.structures[row] ?? -1) : own;
  }

  /** A label's own structure; of a case, the one it is suspected for, or where unranked any it has. */
  #isOf(rows: Rows, row: number, wanted: number): boolean {
    const own = this.#structureOf(rows, row);
    if (own >= 0) return own === wanted;
    return wanted >= 0 && this.#labels.verdict(rows.cases[row], wanted) !== undefined;
  }

  #entry(query: Query, rows: Rows, row: number, summary: CaseSummary): QueueEntry {
    const { source } = rows;
    const { structures } = this.#labels;
    const nameOf = (index: number): string | null => (index < 0 ? null : structures[index].name);
    const structure = nameOf(rows.structures[row]);
    const ranked = source !== null && row < source.length;
    const blind = ranked && hasBlindChecks(query) && this.#blind.isBlind(source, query.per, row);
    const place = ranked && !blind ? source.at(row) : null;
    const worst = blind ? null : nameOf(this.#structureOf(rows, row));
    const scores = source && this.#project.scores(source.model, summary.id);
    const score = place && scores?.find((one) => one.structure === worst);
    return {
      case: summary.id,
      structure,
      rank: place?.rank ?? null,
      score: place?.score ?? null,
      percentile: place?.percentile ?? null,
      previousRank: place?.previousRank ?? null,
      verdict: this.#verdictOf(rows, row),
      blind,
      expected:
        source && score ? expectedDice(this.#rankings.calibration(source.model), score) : null,
      stale: isStale(summary, structure, scores),
      worst,
      width: summary.width,
      height: summary.height,
      labels: summary.labels.map((label) => ({
        structure: label.structure,
        state: label.state,
        verdict: label.verdict,
      })),
      version: pictureVersion(summary, structures),
    };
  }
}

/**
 * Whether a label (or, with null, any of the case) is not the one that was scored.
 * @param scores of the case, by the model that ranks; null when none does
 */
export function isStale(
  summary: CaseSummary,
  structure: string | null,
  scores: readonly LabelScore[] | null,
): boolean {
  return summary.labels.some((label) => {
    if (structure !== null && label.structure !== structure) return false;
    const scored = scores?.find((score) => score.structure === label.structure);
    return scored !== undefined && scored.mask !== label.mask;
  });
}
