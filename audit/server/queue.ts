/**
 * The queue: every case (or label) with its place in the ranking and its verdict, filtered and
 * sorted, a page at a time. What a filter or an order leaves is kept as numbers, so that a page of
 * 100,000 cases takes milliseconds.
 */
import { randomUUID } from 'node:crypto';
import type { CasesPage, CasesQuery, QueueEntry } from '../contract/api.ts';
import { caseVerdict } from '../contract/terms.ts';
import type { CaseSummary, RankEntry, Structure, Verdict } from '../contract/terms.ts';
import type { Memory } from './memory.ts';
import { pictureVersion } from './version.ts';
import { labelKey } from './rankings.ts';
import type { Ranking, Rankings } from './rankings.ts';
import type { z } from 'zod';

type Query = z.output<typeof CasesQuery>;

/** One row of a queue by case (structure −1) or by label. */
interface Row {
  readonly caseIndex: number;
  readonly structure: number;
  readonly entry: RankEntry | null;
}

interface Rows {
  readonly source: Ranking | null;
  /** Of each ranked case, the structure to look at first. */
  readonly worst: ReadonlyMap<string, string>;
  /** Worst first, then what was never ranked, by name. */
  readonly rows: readonly Row[];
}

/** What a filter and an order left at one time, so that a list can be shown that does not jump. */
interface Snapshot extends Rows {
  readonly id: string;
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
  readonly #memory: Memory;
  readonly #structures: readonly Structure[];
  readonly #rankings: Rankings;
  #ids: string[] | null = null;
  #lower: string[] = [];
  /** Place of each case in the order of names. */
  #place = new Uint32Array(0);
  #indexOf = new Map<string, number>();
  /** Verdict of each case and of each label (`undefined`: absent). */
  #verdicts: (Verdict | null)[] = [];
  #labels: (Verdict | null | undefined)[][] = [];
  readonly #rows = new Map<string, Rows>();
  readonly #views = new Map<string, Int32Array>();
  /** The least recently used first. */
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(memory: Memory, structures: readonly Structure[], rankings: Rankings) {
    this.#memory = memory;
    this.#structures = structures;
    this.#rankings = rankings;
  }

  /** Cases were added, or everything may have changed. */
  reset(): void {
    this.#ids = null;
    this.#snapshots.clear();
    this.rankingChanged();
  }

  rankingChanged(): void {
    this.#rows.clear();
    this.#views.clear();
  }

  /** Labels or verdicts of these cases changed. */
  casesChanged(ids: readonly string[]): void {
    if (this.#ids === null) return;
    this.#views.clear();
    for (const id of ids) {
      const index = this.#indexOf.get(id);
      const summary = this.#memory.case(id);
      if (index === undefined || !summary) return this.reset();
      const before = this.#labels[index].map((verdict) => verdict === undefined);
      this.#note(index, summary);
      // A label that came or went changes the rows of a queue by label.
      if (this.#labels[index].some((verdict, s) => (verdict === undefined) !== before[s])) {
        this.#rows.clear();
      }
    }
  }

  page(query: Query): CasesPage {
    this.#load();
    const { id, rows, source, worst, view } = this.#snapshot(query);
    const slice = view.subarray(query.offset, query.offset + query.limit);
    const entries: QueueEntry[] = [];
    for (const number of slice) {
      const row = rows[number];
      const summary = this.#memory.case(this.#id(row.caseIndex));
      if (summary) entries.push(this.#entry(row, summary, source, worst));
    }
    return {
      offset: query.offset,
      total: view.length,
      entries,
      model: source?.model ?? null,
      snapshot: id,
      found: this.#find(query, rows, view),
    };
  }

  /** The one asked for where it is still there, else that of now. */
  #snapshot(query: Query): Snapshot {
    const asked = this.#snapshots.get(query.snapshot ?? '');
    const snapshot = asked ?? this.#takeSnapshot(query);
    this.#snapshots.delete(snapshot.id);
    this.#snapshots.set(snapshot.id, snapshot);
    if (this.#snapshots.size > SNAPSHOTS) {
      const oldest = this.#snapshots.keys().next().value;
      if (oldest !== undefined) this.#snapshots.delete(oldest);
    }
    return snapshot;
  }

  #takeSnapshot(query: Query): Snapshot {
    const rows = this.#rowsOf(query);
    const view = this.#viewOf(query, rows.rows, rows.worst);
    for (const snapshot of this.#snapshots.values()) {
      if (snapshot.view === view) return snapshot;
    }
    return { id: randomUUID(), view, ...rows };
  }

  #find(query: Query, rows: readonly Row[], view: Int32Array): number | null {
    let at = -1;
    if (query.find !== undefined) {
      const wanted = this.#indexOf.get(query.find);
      const structure = this.#structures.findIndex(({ name }) => name === query.findStructure);
      at = view.findIndex((number) => {
        const row = rows[number];
        if (row.caseIndex !== wanted) return false;
        return row.structure < 0 || structure < 0 || row.structure === structure;
      });
    } else if (query.findOpen !== undefined) {
      const from = query.findOpen;
      at = view.findIndex((number, place) => place >= from && !this.#verdictOf(rows[number]));
    }
    return at < 0 ? null : at;
  }

  #id(index: number): string {
    return (this.#ids ?? [])[index];
  }

  #note(index: number, summary: CaseSummary): void {
    this.#verdicts[index] = caseVerdict(summary.labels);
    this.#labels[index] = this.#structures.map(({ name }) => {
      const label = summary.labels.find(({ structure }) => structure === name);
      return !label || label.state === 'absent' ? undefined : label.verdict;
    });
  }

  #load(): void {
    if (this.#ids !== null) return;
    const ids: string[] = [];
    this.#ids = ids;
    this.#labels = [];
    this.#verdicts = [];
    for (const summary of this.#memory.summaries()) {
      this.#note(ids.length, summary);
      ids.push(summary.id);
    }
    this.#indexOf = new Map(ids.map((id, index) => [id, index]));
    this.#lower = ids.map((id) => id.toLowerCase());
    this.#place = new Uint32Array(ids.length);
    const order = ids.map((_, index) => index).sort((a, b) => byName.compare(ids[a], ids[b]));
    order.forEach((index, place) => (this.#place[index] = place));
  }

  #rowsOf(query: Query): Rows {
    const key = `${query.per} ${query.by} ${query.run ?? ''}`;
    const known = this.#rows.get(key);
    if (known) return known;
    const source = this.#rankings.get(query);
    const structures = this.#structures;
    const numbers = new Map(structures.map(({ name }, index) => [name, index]));
    const perCase = query.per === 'case';
    const width = perCase ? 1 : structures.length;
    const seen = new Uint8Array(this.#labels.length * width);
    const rows: Row[] = [];
    for (const entry of source?.entries ?? []) {
      const caseIndex = this.#indexOf.get(entry.case);
      const structure = entry.structure === null ? -1 : (numbers.get(entry.structure) ?? -1);
      if (caseIndex === undefined || (structure < 0 && !perCase)) continue;
      if (!perCase && this.#labels[caseIndex][structure] === undefined) continue;
      seen[caseIndex * width + Math.max(0, structure)] = 1;
      rows.push({ caseIndex, structure, entry });
    }
    const unranked: Row[] = [];
    for (let caseIndex = 0; caseIndex < this.#labels.length; caseIndex += 1) {
      for (let s = 0; s < width; s += 1) {
        if (seen[caseIndex * width + s]) continue;
        if (!perCase && this.#labels[caseIndex][s] === undefined) continue;
        unranked.push({ caseIndex, structure: perCase ? -1 : s, entry: null });
      }
    }
    unranked.sort((a, b) => this.#place[a.caseIndex] - this.#place[b.caseIndex]);
    for (const row of unranked) rows.push(row);
    const result = { source, rows, worst: this.#rankings.worst(query) };
    this.#rows.set(key, result);
    return result;
  }

  #verdictOf(row: Row): Verdict | null {
    if (row.structure < 0) return this.#verdicts[row.caseIndex];
    return this.#labels[row.caseIndex][row.structure] ?? null;
  }

  #viewOf(query: Query, rows: readonly Row[], worst: ReadonlyMap<string, string>): Int32Array {
    // What does not change which rows there are, or their order, has no part in it.
    const { search: text, sort, order, per, by, run, structure, verdict, min, max } = query;
    const key = JSON.stringify([text, sort, order, per, by, run, structure, verdict, min, max]);
    const known = this.#views.get(key);
    if (known) return known;
    const search = query.search.toLowerCase();
    const wanted = query.structure;
    const view: number[] = [];
    rows.forEach((row, number) => {
      if (search !== '' && !this.#lower[row.caseIndex].includes(search)) return;
      if (wanted !== undefined && !this.#isOf(row, wanted, worst)) return;
      if (query.verdict !== undefined) {
        const verdict = this.#verdictOf(row);
        if (verdict !== (query.verdict === 'none' ? null : query.verdict)) return;
      }
      if (query.min !== undefined && !(row.entry && row.entry.score >= query.min)) return;
      if (query.max !== undefined && !(row.entry && row.entry.score <= query.max)) return;
      view.push(number);
    });
    if (query.sort === 'name') {
      view.sort((a, b) => this.#place[rows[a].caseIndex] - this.#place[rows[b].caseIndex] || a - b);
    } else if (query.sort === 'verdict') {
      const order = (number: number): number =>
        VERDICT_ORDER.indexOf(this.#verdictOf(rows[number]));
      view.sort((a, b) => order(a) - order(b) || a - b);
    }
    if (query.order === 'descending') view.reverse();
    const result = Int32Array.from(view);
    if (this.#views.size >= VIEWS) {
      const oldest = this.#views.keys().next().value;
      if (oldest !== undefined) this.#views.delete(oldest);
    }
    this.#views.set(key, result);
    return result;
  }

  /** A label's own structure; of a case, the one it is suspected for, or where unranked any it has. */
  #isOf(row: Row, wanted: string, worst: ReadonlyMap<string, string>): boolean {
    const structures = this.#structures;
    if (row.structure >= 0) return structures[row.structure].name === wanted;
    if (row.entry) return worst.get(row.entry.case) === wanted;
    const index = structures.findIndex(({ name }) => name === wanted);
    return index >= 0 && this.#labels[row.caseIndex][index] !== undefined;
  }

  #entry(
    row: Row,
    summary: CaseSummary,
    source: Ranking | null,
    worst: ReadonlyMap<string, string>,
  ): QueueEntry {
    const { entry } = row;
    const structure = row.structure < 0 ? null : this.#structures[row.structure].name;
    return {
      case: summary.id,
      structure,
      rank: entry?.rank ?? null,
      score: entry?.score ?? null,
      percentile: entry?.percentile ?? null,
      previousRank: entry?.previousRank ?? null,
      verdict: this.#verdictOf(row),
      stale: isStale(summary, structure, source),
      worst: structure ?? (entry ? (worst.get(entry.case) ?? null) : null),
      width: summary.width,
      height: summary.height,
      labels: summary.labels.map((label) => ({
        structure: label.structure,
        state: label.state,
        verdict: label.verdict,
      })),
      version: pictureVersion(summary, this.#structures),
    };
  }
}

/** Whether a label (or, with null, any of the case) is not the one that was scored. */
export function isStale(
  summary: CaseSummary,
  structure: string | null,
  source: Ranking | null,
): boolean {
  if (!source) return false;
  return summary.labels.some((label) => {
    if (structure !== null && label.structure !== structure) return false;
    const scored = source.scored.get(labelKey(summary.id, label.structure));
    return scored !== undefined && scored !== label.mask;
  });
}
