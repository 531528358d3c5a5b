/** What the dataset says of every case at once: filters go over 100,000 cases by these numbers. */
import type { CaseColumn } from '../contract/terms.ts';
import type { Database } from './database.ts';
import type { ColumnTable } from './types.ts';

/** The place of a case of which the dataset says nothing. */
export const NOTHING_SAID = -1;

/** @param column also the name of the column in `cases` */
export function readColumnTable(db: Database, column: CaseColumn | 'study'): ColumnTable {
  // Cases are never removed, so that the n-th has the id n; one value crosses from SQLite several
  // times as fast as a row for each (see `readLabelTable`).
  const row = db.get<{ all: string }>(
    `SELECT json_group_array(${column}) AS "all" FROM (SELECT ${column} FROM cases ORDER BY id)`,
  );
  const said = JSON.parse(row?.all ?? '[]') as (string | null)[];
  const values: string[] = [];
  const placeOf = new Map<string, number>();
  const places = Int32Array.from(said, (value) => {
    if (value === null) return NOTHING_SAID;
    const known = placeOf.get(value);
    if (known !== undefined) return known;
    placeOf.set(value, values.length);
    return values.push(value) - 1;
  });
  return { values, places };
}
