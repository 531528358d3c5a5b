/**
 * What every label of the open project is now, read once and kept up to date: the queue, its
 * filters and all counts go over every one of them, which at 100,000 cases must take milliseconds.
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
  /** Places in the table of labels whose mask is not the imported one; null until it is needed. */
  #redrawn: Set<number> | null = null;
  readonly #columns = new Map<CaseColumn, ColumnTable>();

  constructor(project: ProjectReader) {
    this.#project = project;
    this.structures = project.structures;
  }

  get table(): LabelTable {
    this.#table ??= this.#project.labelTable();
    return this.#table;
  }

  /** Cases that there are. */
  get size(): number {
    return this.table.cases.length;
  }

  id(index: number): string {
    return this.table.cases[index];
  }

  /** The place of a case in import order; −1 when there is none of this name. */
  indexOf(id: string): number {
    this.#places ??= new Map(this.table.cases.map((name, index) => [name, index]));
    return this.#places.get(id) ?? -1;
  }

  /** −1 when there is no such structure. */
  structureOf(name: string | null | undefined): number {
    return this.structures.findIndex((structure) => structure.name === name);
  }

  /** Of one label; undefined where it is absent. */
  verdict(index: number, structure: number): Verdict | null | undefined {
    return verdictOfCell(this.table.cells[index * this.structures.length + structure]);
  }

  /** Whether an error was found in a label, also in one that is absent now. */
  isErrorFound(index: number, structure: number): boolean {
    const verdict = this.verdict(index, structure);
    this.#redrawn ??= new Set(
      this.#project
        .changedLabels()
        .map(({ case: id, structure: name }) =>
          this.#placeOf(this.indexOf(id), this.structureOf(name)),
        ),
    );
    return isErrorFound({
      state: verdict === undefined ? 'absent' : 'drawn',
      verdict: verdict ?? null,
      changed: this.#redrawn.has(this.#placeOf(index, structure)),
    });
  }

  #placeOf(index: number, structure: number): number {
    return index * this.structures.length + structure;
  }

  /** Of a case, derived of its labels'. */
  caseVerdict(index: number): Verdict | null {
    const width = this.structures.length;
    return verdictOfCells(this.table.cells, index * width, width);
  }

  /** Whether every case has a label of every structure. */
  get complete(): boolean {
    return !this.table.cells.includes(cellOfVerdict(undefined));
  }

  /** Labels that have this verdict. */
  count(verdict: Verdict): number {
    const wanted = cellOfVerdict(verdict);
    return this.table.cells.reduce((sum, cell) => sum + (cell === wanted ? 1 : 0), 0);
  }

  column(column: CaseColumn): ColumnTable {
    const known = this.#columns.get(column);
    if (known) return known;
    const read = this.#project.columnTable(column);
    this.#columns.set(column, read);
    return read;
  }

  annotator(index: number): string | null {
    const { values, places } = this.column('annotator');
    return values[places[index]] ?? null;
  }

  /**
   * Reads these cases again.
   * @returns whether a label came or went, or a case is new: everything was forgotten then
   */
  refresh(ids: readonly string[]): boolean {
    const table = this.#table;
    if (!table) return false;
    const width = this.structures.length;
    for (const id of ids) {
      const index = this.indexOf(id);
      const summary = this.#project.case(id);
      if (index < 0 || !summary) return this.#changed();
      const now = summary.labels.map(({ state, verdict }) =>
        cellOfVerdict(state === 'absent' ? undefined : verdict),
      );
      const from = index * width;
      const absent = cellOfVerdict(undefined);
      if (now.some((cell, s) => (cell === absent) !== (table.cells[from + s] === absent))) {
        return this.#changed();
      }
      table.cells.set(now, from);
      summary.labels.forEach(({ changed }, s) => {
        if (changed) this.#redrawn?.add(from + s);
        else this.#redrawn?.delete(from + s);
      });
    }
    return false;
  }

  forget(): void {
    this.#table = null;
    this.#places = null;
    this.#redrawn = null;
    this.#columns.clear();
  }

  #changed(): true {
    this.forget();
    return true;
  }
}
