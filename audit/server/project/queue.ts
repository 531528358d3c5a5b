/**
 * The queue: its rows filtered and sorted, a page at a time. A snapshot keeps the rows and their
 * order while a person reviews, so that the list does not jump.
 */
import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { hasBlindChecks } from '../../contract/api.ts';
import type { CasesPage, CasesQuery } from '../../contract/api.ts';
import { CaseColumn } from '../../contract/terms.ts';
import type { Verdict } from '../../contract/terms.ts';
import { NOTHING_SAID } from '../../store/columntable.ts';
import { queueEntry } from './queue-entry.ts';
import type { QueueSources } from './queue-entry.ts';
import { QueueRows, rowStructure, rowVerdict } from './queue-rows.ts';
import type { Rows } from './queue-rows.ts';
import type { z } from 'zod';

type Query = z.output<typeof CasesQuery>;

/** The rows that a query's filters let through, in the query's order. */
interface Snapshot {
  readonly id: string;
  readonly rows: Rows;
  /** The places in `rows` of the rows that are shown, in order. */
  readonly view: Int32Array;
}

/** How many views (filtered and sorted rows) are kept. */
const VIEWS = 16;
/** How many snapshots are kept. */
const SNAPSHOTS = 8;
const VERDICT_ORDER: readonly (Verdict | null)[] = [
  null,
  'flagged',
  'fixed',
  'excluded',
  'accepted',
];

export class Queue {
  readonly #sources: QueueSources;
  readonly #rows: QueueRows;
  readonly #views = new LRUCache<string, Int32Array>({ max: VIEWS });
  readonly #snapshots = new LRUCache<string, Snapshot>({ max: SNAPSHOTS });

  constructor(sources: QueueSources) {
    this.#sources = sources;
    this.#rows = new QueueRows(sources.labels, sources.rankings);
  }

  /** Drops everything, because the project may have other cases now. */
  reset(): void {
    this.#rows.reset();
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

  /** @throws UserError when the query's `run` has no scores */
  page(query: Query): CasesPage {
    const { project, labels } = this.#sources;
    const { id, rows, view } = this.#snapshot(query);
    const slice = [...view.subarray(query.offset, query.offset + query.limit)];
    const ids = slice.map((row) => labels.id(rows.cases[row]));
    const summaries = new Map(
      project.casesOf([...new Set(ids)]).map((summary) => [summary.id, summary]),
    );
    const model = rows.ranking?.model ?? null;
    const scored = model === null ? null : project.scoresByCase(model, [...summaries.keys()]);
    const entries = slice.flatMap((row, index) => {
      const summary = summaries.get(ids[index]);
      if (!summary) return [];
      const scores = scored && (scored.get(summary.id) ?? []);
      return [queueEntry(this.#sources, query, rows, row, summary, scores)];
    });
    return {
      offset: query.offset,
      total: view.length,
      entries,
      model,
      ranked: rows.ranking && this.#sources.rankings.ranked(query),
      snapshot: id,
      found: this.#find(query, rows, view),
    };
  }

  /** The snapshot that the query names, or a new one if it names none or one that is no longer kept. */
  #snapshot(query: Query): Snapshot {
    const named = this.#snapshots.get(query.snapshot ?? '');
    const snapshot = named ?? this.#takeSnapshot(query);
    this.#snapshots.set(snapshot.id, snapshot);
    return snapshot;
  }

  #takeSnapshot(query: Query): Snapshot {
    const rows = this.#rows.get(query);
    const view = this.#viewOf(query, rows);
    for (const snapshot of this.#snapshots.values()) {
      if (snapshot.view === view) return snapshot;
    }
    return { id: randomUUID(), rows, view };
  }

  /** The place in the view of the row that `find` or `findOpen` asks for, or null if there is none. */
  #find(query: Query, rows: Rows, view: Int32Array): number | null {
    const { labels } = this.#sources;
    let at = -1;
    if (query.find !== undefined) {
      const wanted = labels.indexOf(query.find);
      const structure = labels.structureOf(query.findStructure);
      at = view.findIndex((row) => {
        if (rows.cases[row] !== wanted) return false;
        const own = rows.structures[row];
        return own < 0 || structure < 0 || own === structure;
      });
    } else if (query.findOpen !== undefined) {
      const from = query.findOpen;
      at = view.findIndex((row, place) => place >= from && !rowVerdict(labels, rows, row));
    }
    return at < 0 ? null : at;
  }

  #viewOf(query: Query, rows: Rows): Int32Array {
    // Only what changes the rows or their order belongs to the key.
    const { search, sort, order, per, by, run, structure, verdict, kind, min, max } = query;
    const chosen = CaseColumn.options.map((column) => query[column] ?? null);
    const mixed = hasBlindChecks(query);
    const parts = [
      search,
      sort,
      order,
      per,
      by,
      run,
      structure,
      verdict,
      kind,
      min,
      max,
      chosen,
      mixed,
    ];
    const key = JSON.stringify(parts);
    const cached = this.#views.get(key);
    if (cached) return cached;
    const mix = mixed && rows.ranking ? this.#sources.blind.mix(rows.ranking, per) : null;
    const ordered = Int32Array.from(rows.cases, (_, place) => mix?.rows[place] ?? place);
    const view = ordered.filter(this.#filterOf(query, rows));
    if (sort === 'name') {
      const names = this.#rows.nameRanks();
      view.sort((a, b) => names[rows.cases[a]] - names[rows.cases[b]] || a - b);
    } else if (sort === 'verdict') {
      const { labels } = this.#sources;
      const place = (row: number): number => VERDICT_ORDER.indexOf(rowVerdict(labels, rows, row));
      view.sort((a, b) => place(a) - place(b) || a - b);
    }
    if (order === 'descending') view.reverse();
    this.#views.set(key, view);
    return view;
  }

  /** Makes the query's filter. @returns a function that says whether a row passes */
  #filterOf(query: Query, rows: Rows): (row: number) => boolean {
    const { structure, verdict, min, max } = query;
    const { labels } = this.#sources;
    const search = query.search.toLowerCase();
    const wanted = labels.structureOf(structure);
    const scores = rows.ranking?.order.scores;
    const columns = this.#columnFilters(query);
    const hasKind = this.#kindFilter(query, rows);
    return (row) => {
      if (search !== '' && !labels.id(rows.cases[row]).toLowerCase().includes(search)) return false;
      if (structure !== undefined && !this.#hasStructure(rows, row, wanted)) return false;
      if (columns.some(({ places, place }) => places[rows.cases[row]] !== place)) return false;
      if (!hasKind(row)) return false;
      if (verdict !== undefined) {
        const own = rowVerdict(labels, rows, row);
        if (own !== (verdict === 'none' ? null : verdict)) return false;
      }
      // `scores` has the ranked rows only, which come first in `rows`: an unranked row gets undefined.
      const score = scores?.[row];
      if (min !== undefined && !(score !== undefined && score >= min)) return false;
      return max === undefined || (score !== undefined && score <= max);
    };
  }

  /**
   * Makes the filter by kind of error. A row passes if its label has the query's kind. In a queue by case,
   * the case's worst label must have it; an unranked case does not pass.
   */
  #kindFilter({ kind }: Query, rows: Rows): (row: number) => boolean {
    if (kind === undefined) return () => true;
    const { project, labels } = this.#sources;
    const width = labels.structures.length;
    const model = rows.ranking?.model;
    const found = model === undefined ? [] : project.labelsOfKind(model, kind);
    const own = new Set(found.map((label) => label.case * width + label.structure));
    return (row) => {
      const structure = rowStructure(rows, row);
      return structure >= 0 && own.has(rows.cases[row] * width + structure);
    };
  }

  /**
   * For each column that the query filters by: the number of each case's value (`places`), and the number
   * that a case must have to pass (`place`).
   */
  #columnFilters(query: Query): { places: Int32Array; place: number }[] {
    return CaseColumn.options.flatMap((column) => {
      const value = query[column];
      if (value === undefined) return [];
      const { values, places } = this.#sources.labels.column(column);
      const index = values.indexOf(value);
      // An unknown value gets a number that no case has, so no row passes.
      const place = value === '' ? NOTHING_SAID : index < 0 ? values.length : index;
      return [{ places, place }];
    });
  }

  /**
   * Whether a row passes the filter by structure. In a queue by label, its label must be of the structure. In
   * a queue by case, the worst label of a ranked case must be, or any label of an unranked case.
   */
  #hasStructure(rows: Rows, row: number, wanted: number): boolean {
    const own = rowStructure(rows, row);
    if (own >= 0) return own === wanted;
    return wanted >= 0 && this.#sources.labels.verdict(rows.cases[row], wanted) !== undefined;
  }
}
