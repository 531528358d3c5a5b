/** What the dataset says of its cases, for the filters of the queue: each value and how many have it. */
import type { Column } from '../../contract/api.ts';
import type { CaseColumn } from '../../contract/terms.ts';
import { NOTHING_SAID } from '../../store/columntable.ts';
import type { ColumnTable } from '../../store/types.ts';

const byName = new Intl.Collator('en', { numeric: true });

/** @param search part of the value, in any case of letters */
export function columnOf(
  column: CaseColumn,
  { values, places }: ColumnTable,
  search: string,
  limit: number,
): Column {
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
