/** The values of a column for the queue's filters, each with its number of cases. */
import type { ColumnValues } from '../../contract/api.ts';
import type { CaseColumn } from '../../contract/terms.ts';
import { NOTHING_SAID } from '../../store/columntable.ts';
import type { ColumnTable } from '../../store/types.ts';

const byName = new Intl.Collator('en', { numeric: true });

/** @param search keeps only the values that contain this text; upper and lower case are the same */
export function columnValues(
  column: CaseColumn,
  { values, places }: ColumnTable,
  search: string,
  limit: number,
): ColumnValues {
  const counts = new Uint32Array(values.length);
  let without = 0;
  for (const place of places) {
    if (place === NOTHING_SAID) without += 1;
    else counts[place] += 1;
  }
  const part = search.trim().toLowerCase();
  const found = values
    .map((value, place) => ({ value, cases: counts[place] }))
    .filter(({ value }) => value.toLowerCase().includes(part))
    .sort((a, b) => byName.compare(a.value, b.value));
  return { column, total: values.length, without, values: found.slice(0, limit) };
}
