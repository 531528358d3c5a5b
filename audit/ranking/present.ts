/** Finds the labels that are present now: only these are ranked. */
import type { Verdict } from '../contract/terms.ts';
import { verdictOfCell } from '../store/labeltable.ts';
import type { LabelScore, LabelTable, ProjectReader } from '../store/types.ts';
import { rowsOf } from './score-columns.ts';
import type { ScoreColumns } from './score-columns.ts';

/** The rows of labels that are present now. @param structures the number of the project's structures */
export function presentRows(
  columns: ScoreColumns,
  { cells }: LabelTable,
  structures: number,
): ScoreColumns {
  return rowsOf(columns, (row) => {
    const cell = columns.cases[row] * structures + columns.structures[row];
    return verdictOfCell(cells[cell]) !== undefined;
  });
}

/**
 * The verdict of a label, by its case id and structure; null without a verdict, undefined if the label is
 * absent.
 */
export type VerdictOf = (id: string, structure: string) => Verdict | null | undefined;

/** Looks up the verdicts that labels have now. */
export function verdictLookup(reader: ProjectReader): VerdictOf {
  const { cases, cells } = reader.labelTable();
  const names = reader.structures.map(({ name }) => name);
  const caseAt = new Map(cases.map((id, place) => [id, place]));
  return (id, structure) => {
    const place = caseAt.get(id);
    const s = names.indexOf(structure);
    if (place === undefined || s < 0) return undefined;
    return verdictOfCell(cells[place * names.length + s]);
  };
}

/** A model's scores of the labels that are present now. */
export function presentScores(
  reader: ProjectReader,
  model: string,
  verdictOf: VerdictOf = verdictLookup(reader),
): LabelScore[] {
  return reader
    .scores(model)
    .filter(({ case: id, structure }) => verdictOf(id, structure) !== undefined);
}
