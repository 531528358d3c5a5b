/**
 * The rows of the queue, loaded in pages as they come into view. All pages belong to one snapshot
 * on the server: a verdict changes a row in place, and only `apply` and `refresh` reorder the list.
 */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { RankedBy } from '../../../audit/contract/api.ts';
import type { ServerEvent } from '../../../audit/contract/events.ts';
import type { Client } from '../../../audit/contract/client.ts';
import type { Verdict } from '../../../audit/contract/terms.ts';
import { isAbort, sentenceOf } from '../../shared/api.ts';
import { EVERYTHING, rowKey, queryOf, withVerdicts } from './rows.ts';
import type { LabelVerdict, QueueFilter, QueuePage, Row } from './rows.ts';

const PAGE = 100;
/** The most pages kept; the page farthest from the view is dropped first. */
const KEPT = 40;
/** The most rows that can be selected at once: the server's limit for one verdict. */
const MOST = 2000;

/** The row to go to in a new list: a given row, the first without a verdict (`open`), or none (null). */
type Aim = Pick<Row, 'case' | 'structure'> | 'open' | null;

export class ShownQueue {
  filter = $state.raw<QueueFilter>(EVERYTHING);
  total = $state(0);
  /** False until the first rows are loaded. */
  ready = $state(false);
  loading = $state(false);
  /** Why the list could not be loaded, in one sentence; else null. */
  problem = $state<string | null>(null);
  /** The model that ranked the rows; null if nothing was scored yet. */
  model = $state<string | null>(null);
  /** Which number orders the ranking, and what is held against its model; null if nothing was scored yet. */
  ranked = $state.raw<RankedBy | null>(null);
  /** Index of the row on the stage; −1 if the list does not hold it. */
  cursor = $state(-1);
  /** Whether the server has a newer ranking than the list shows. */
  outdated = $state(false);
  /** Keys of the rows that a refresh would move or leave out. */
  readonly moved = new SvelteSet<string>();
  readonly selected = new SvelteMap<string, Row>();
  /** Verdicts that the server does not have yet. They are applied to every row that the server sends. */
  readonly underWay: LabelVerdict[] = [];

  readonly #client: Pick<Client, 'cases'>;
  readonly #pages = new SvelteMap<number, readonly Row[]>();
  /** The verdict that each row had when it was first loaded. */
  readonly #before = new Map<string, Verdict | null>();
  readonly #asked = new Map<number, Promise<void>>();
  #snapshot: string | null = null;
  #middle = 0;
  #anchor = -1;
  #end = new AbortController();

  /** @param blind whether blind checks are mixed in from the start */
  constructor(client: Pick<Client, 'cases'>, blind = false) {
    this.#client = client;
    this.filter = { ...EVERYTHING, blind };
  }

  /** The row at an index; null while it is not loaded. */
  row(index: number): Row | null {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE] ?? null;
  }

  get current(): Row | null {
    return this.cursor < 0 ? null : this.row(this.cursor);
  }

  /** Changes the filter or the order and loads the list. Resolves when the first rows are loaded. */
  async apply(change: Partial<QueueFilter>, aim: Aim = this.current): Promise<void> {
    this.filter = { ...this.filter, ...change };
    await this.refresh(aim);
  }

  /** Loads the list again with the same filters and order, and moves the cursor to the row `aim`. */
  async refresh(aim: Aim = this.current): Promise<void> {
    this.#end.abort();
    const end = new AbortController();
    this.#end = end;
    this.loading = true;
    const found =
      aim === null
        ? {}
        : aim === 'open'
          ? { findOpen: 0 }
          : { find: aim.case, ...(aim.structure !== null && { findStructure: aim.structure }) };
    try {
      const query = { ...queryOf(this.filter), limit: PAGE, ...found };
      const first = await this.#client.cases(query, end.signal);
      const at = first.found ?? -1;
      const page = Math.floor(at / PAGE);
      const second = at < PAGE ? null : await this.#load(page, first.snapshot, end.signal);
      if (end.signal.aborted) return;
      this.#forget();
      this.#snapshot = first.snapshot;
      this.total = first.total;
      this.model = first.model;
      this.ranked = first.ranked;
      this.outdated = false;
      this.problem = null;
      this.#take(0, first);
      if (second) this.#take(page, second);
      this.cursor = at;
      this.#anchor = at;
      this.ready = true;
    } catch (error) {
      if (isAbort(error) || end.signal.aborted) return;
      this.problem = sentenceOf(error);
    } finally {
      if (this.#end === end) this.loading = false;
    }
  }

  /** Loads the rows from `first` to `last` (included) that are not loaded yet. */
  async need(first: number, last: number): Promise<void> {
    if (!this.ready) return;
    const from = Math.max(0, Math.floor(first / PAGE));
    const to = Math.min(Math.floor((this.total - 1) / PAGE), Math.floor(last / PAGE));
    this.#middle = (from + to) / 2;
    const missing: Promise<void>[] = [];
    for (let page = from; page <= to; page += 1) {
      if (!this.#pages.has(page)) missing.push(this.#fetch(page));
    }
    await Promise.all(missing);
  }

  /** The row at an index, loaded if necessary. @returns null beyond the ends */
  async rowAt(index: number): Promise<Row | null> {
    if (index < 0 || index >= this.total) return null;
    await this.need(index, index);
    return this.row(index);
  }

  /** Asks the server for the first row without a verdict after `index`. @returns its index or null */
  async openAfter(index: number): Promise<number | null> {
    const query = { ...this.#here(), limit: 1, findOpen: index + 1 };
    return (await this.#client.cases(query, this.#end.signal)).found;
  }

  /** Index of a row in this list; null if the list does not hold it. */
  async find(row: Pick<Row, 'case' | 'structure'>): Promise<number | null> {
    const structure = row.structure === null ? {} : { findStructure: row.structure };
    const query = { ...this.#here(), limit: 1, find: row.case, ...structure };
    return (await this.#client.cases(query, this.#end.signal)).found;
  }

  /** The row of a case, whether the list holds it or not; null if there is no case of this name. */
  async rowOf(caseId: string): Promise<Row | null> {
    const { per, blind } = this.filter;
    const query = { search: caseId, per, limit: 500, ...(blind && { blind: 'true' }) };
    const found = await this.#client.cases(query, this.#end.signal);
    return found.entries.find((row) => row.case === caseId) ?? null;
  }

  /** Moves the cursor to an index, limited to the list. */
  go(index: number): void {
    if (this.total === 0) return;
    this.cursor = Math.max(0, Math.min(this.total - 1, index));
    this.#anchor = this.cursor;
  }

  /** Shows verdicts at once, before the server has them. */
  note(verdicts: readonly LabelVerdict[]): void {
    const cases = new Set(verdicts.map((given) => given.case));
    for (const [page, rows] of this.#pages) {
      if (rows.some((row) => cases.has(row.case))) {
        this.#pages.set(
          page,
          rows.map((row) => this.#seen(withVerdicts(row, verdicts))),
        );
      }
    }
    for (const [key, row] of this.selected) {
      if (cases.has(row.case)) this.selected.set(key, withVerdicts(row, verdicts));
    }
  }

  /** Brings shown rows up to date after something changed on the server. */
  async follow(event: ServerEvent): Promise<void> {
    if (!this.ready || (event.type !== 'changed' && event.type !== 'reset')) return;
    if (event.type === 'changed') {
      if (event.what === 'settings') return;
      if (event.what === 'scores') this.outdated = true;
      if (event.what === 'runs') await this.#compareModel();
    }
    const cases = event.type === 'changed' && event.cases ? new Set(event.cases) : null;
    const stale = [...this.#pages]
      .filter(([, rows]) => cases === null || rows.some((row) => cases.has(row.case)))
      .map(([page]) => page);
    await Promise.all(stale.map((page) => this.#fetch(page, true)));
  }

  isSelected(row: Row): boolean {
    return this.selected.has(rowKey(row));
  }

  toggle(index: number): void {
    const row = this.row(index);
    if (!row) return;
    this.#anchor = index;
    if (!this.selected.delete(rowKey(row))) this.selected.set(rowKey(row), row);
  }

  /** Adds to the selection all rows from the row chosen last to the row at `index`, `MOST` rows at most. */
  async selectTo(index: number): Promise<void> {
    const from = Math.min(Math.max(0, this.#anchor), index);
    const to = Math.min(from + MOST - 1, Math.max(Math.max(0, this.#anchor), index));
    await this.need(from, to);
    for (let place = from; place <= to; place += 1) {
      const row = this.row(place);
      if (row) this.selected.set(rowKey(row), row);
    }
  }

  /** Selects the list from its beginning, up to `MOST` rows. */
  async selectAll(): Promise<void> {
    const cursor = this.#anchor;
    this.#anchor = 0;
    await this.selectTo(this.total - 1);
    this.#anchor = cursor;
  }

  #here(): ReturnType<typeof queryOf> {
    return {
      ...queryOf(this.filter),
      ...(this.#snapshot !== null && { snapshot: this.#snapshot }),
    };
  }

  #load(page: number, snapshot: string | null, signal: AbortSignal): Promise<QueuePage> {
    const query = { ...queryOf(this.filter), offset: page * PAGE, limit: PAGE };
    return this.#client.cases({ ...query, ...(snapshot !== null && { snapshot }) }, signal);
  }

  /**
   * @param again sends a request even if an earlier one for the page is running; the earlier answer is
   *   ignored
   */
  #fetch(page: number, again = false): Promise<void> {
    const runningRequest = this.#asked.get(page);
    if (runningRequest && !again) return runningRequest;
    const { signal } = this.#end;
    const asked = this.#load(page, this.#snapshot, signal)
      .then((answer) => {
        if (signal.aborted || this.#asked.get(page) !== asked) return;
        // The server was restarted and lost the snapshot: load a new list.
        if (answer.snapshot !== this.#snapshot) return void this.refresh();
        this.problem = null;
        this.#take(page, answer);
      })
      .catch((error: unknown) => {
        if (!isAbort(error) && !signal.aborted) this.problem = sentenceOf(error);
      })
      .finally(() => this.#asked.get(page) === asked && this.#asked.delete(page));
    this.#asked.set(page, asked);
    return asked;
  }

  #take(page: number, answer: QueuePage): void {
    for (const row of answer.entries) {
      if (!this.#before.has(rowKey(row))) this.#before.set(rowKey(row), row.verdict);
    }
    this.#pages.set(
      page,
      answer.entries.map((row) => this.#seen(withVerdicts(row, this.underWay))),
    );
    while (this.#pages.size > KEPT) {
      const far = (other: number): number => Math.abs(other - this.#middle);
      const own = Math.floor(this.cursor / PAGE);
      const others = [...this.#pages.keys()].filter((other) => other !== own);
      this.#pages.delete(others.reduce((a, b) => (far(b) > far(a) ? b : a)));
    }
  }

  /** Notes in `moved` whether a refresh would move the row or leave it out. @returns the row */
  #seen(row: Row): Row {
    const key = rowKey(row);
    const { verdict, sort } = this.filter;
    const dropped = verdict !== null && (row.verdict ?? 'none') !== verdict;
    const elsewhere = sort === 'verdict' && row.verdict !== (this.#before.get(key) ?? null);
    if (dropped || elsewhere) this.moved.add(key);
    else this.moved.delete(key);
    return row;
  }

  async #compareModel(): Promise<void> {
    const now = await this.#client
      .cases({ limit: 1, per: this.filter.per }, this.#end.signal)
      .catch(() => null);
    if (!now) return;
    if (now.model !== this.model) this.outdated = true;
    else this.ranked = now.ranked;
  }

  #forget(): void {
    this.#pages.clear();
    this.#asked.clear();
    this.#before.clear();
    this.moved.clear();
    this.selected.clear();
    this.#middle = 0;
  }
}
