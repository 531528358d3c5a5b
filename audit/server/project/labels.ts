/**
 * The current state of all labels, read once and kept up to date. The queue, its filters and all counts
 * visit every label, which must take milliseconds at 100,000 cases.
 */
import { isErrorFound } from '../../contract/terms.ts';
import type { CaseColumn, Structure, Verdict } from '../../contract/terms.ts';
import { cellOfVerdict, verdictOfCell, verdictOfCells } from '../../store/labeltable.ts';
import type { ColumnTable, LabelTable, ProjectReader } from '../../store/types.ts';

export class Labels {
  readonly structures: readonly Structure[];
  readonly #project: ProjectReader;
  #table: LabelTable | null = null;
  #places: Map<string, number> | null = null;
  /** The value of `changed`; null until first used. */
  #changed: Set<number> | null = null;
  readonly #columns = new Map<CaseColumn, ColumnTable>();

  constructor(project: ProjectReader) {
    this.#project = project;
    this.structures = project.structures;
  }

  get table(): LabelTable {
    this.#table ??= this.#project.labelTable();
    return this.#table;
  }

  /** Number of cases. */
  get size(): number {
    return this.table.cases.length;
  }

  /** @param index the case's place in import order */
  id(index: number): string {
    return this.table.cases[index];
  }

  /** The case's place in import order, or −1 if there is no such case. */
  indexOf(id: string): number {
    this.#places ??= new Map(this.table.cases.map((name, index) => [name, index]));
    return this.#places.get(id) ?? -1;
  }

  /** The structure's place in `structures`, or −1 if there is no such structure. */
  structureOf(name: string | null | undefined): number {
    return this.structures.findIndex((structure) => structure.name === name);
  }

  /** The label's verdict, null without one, or undefined if the label is absent. */
  verdict(index: number, structure: number): Verdict | null | undefined {
    return verdictOfCell(this.table.cells[index * this.structures.length + structure]);
  }

  /** Whether a person found an error in the label: excluded it, changed and judged it, or removed it. */
  isErrorFound(index: number, structure: number): boolean {
    const verdict = this.verdict(index, structure);
    return isErrorFound({
      state: verdict === undefined ? 'absent' : 'drawn',
      verdict: verdict ?? null,
      changed: this.changed.has(this.#cellOf(index, structure)),
    });
  }

  /** The places in `table.cells` of labels whose mask differs from the imported one. */
  get changed(): ReadonlySet<number> {
    this.#changed ??= new Set(
      this.#project
        .changedLabels()
        .map(({ case: id, structure }) =>
          this.#cellOf(this.indexOf(id), this.structureOf(structure)),
        ),
    );
    return this.#changed;
  }

  /** The place of a label in `table.cells`. */
  #cellOf(index: number, structure: number): number {
    return index * this.structures.length + structure;
  }

  /** The case's verdict, derived from its labels. */
  caseVerdict(index: number): Verdict | null {
    const width = this.structures.length;
    return verdictOfCells(this.table.cells, index * width, width);
  }

  /** Whether every case has a label of every structure. */
  get complete(): boolean {
    return !this.table.cells.includes(cellOfVerdict(undefined));
  }

  /** Number of labels with this verdict. */
  count(verdict: Verdict): number {
    const wanted = cellOfVerdict(verdict);
    return this.table.cells.reduce((sum, cell) => sum + (cell === wanted ? 1 : 0), 0);
  }

  column(column: CaseColumn): ColumnTable {
    const cached = this.#columns.get(column);
    if (cached) return cached;
    const table = this.#project.columnTable(column);
    this.#columns.set(column, table);
    return table;
  }

  /** The annotator of a case, or null if the dataset names none. */
  annotator(index: number): string | null {
    const { values, places } = this.column('annotator');
    return values[places[index]] ?? null;
  }

  /**
   * Reads these cases again.
   * @returns true if a label was added or removed, or a case is new or gone; then everything in memory was
   *   dropped and is read again when needed
   */
  refresh(ids: readonly string[]): boolean {
    const table = this.#table;
    if (!table) return false;
    const width = this.structures.length;
    for (const id of ids) {
      const index = this.indexOf(id);
      const summary = this.#project.case(id);
      if (index < 0 || !summary) return this.#forgetAll();
      const now = summary.labels.map(({ state, verdict }) =>
        cellOfVerdict(state === 'absent' ? undefined : verdict),
      );
      const from = index * width;
      const absent = cellOfVerdict(undefined);
      if (now.some((cell, s) => (cell === absent) !== (table.cells[from + s] === absent))) {
        return this.#forgetAll();
      }
      table.cells.set(now, from);
      summary.labels.forEach(({ changed }, s) => {
        if (changed) this.#changed?.add(from + s);
        else this.#changed?.delete(from + s);
      });
    }
    return false;
  }

  forget(): void {
    this.#table = null;
    this.#places = null;
    this.#changed = null;
    this.#columns.clear();
  }

  #forgetAll(): true {
    this.forget();
    return true;
  }
}
