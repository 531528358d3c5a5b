/** Filters of the queue by the dataset's columns, and the words for their values. */
import type { ColumnValues } from '../../../audit/contract/api.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { CaseColumn } from '../../../audit/contract/terms.ts';

export type { ColumnValues };

/** The most values that a menu shows without a search. */
export const VALUES_SHOWN = 12;

export const COLUMN_NAMES: Readonly<Record<CaseColumn, string>> = {
  split: 'Split',
  annotator: 'Annotator',
  patient: 'Patient',
};

/** The columns whose values differ between cases: only they can filter. */
export async function filterColumns(
  client: Pick<Client, 'column'>,
  signal?: AbortSignal,
): Promise<ColumnValues[]> {
  const all = await Promise.all(
    CaseColumn.options.map((column) => client.column(column, { limit: VALUES_SHOWN }, signal)),
  );
  return all.filter(({ total, without }) => total > 1 || (total === 1 && without > 0));
}

/** A column's value in words for a person. An empty value of `split` is `No split`. */
export function valueName(column: CaseColumn, value: string): string {
  return value === '' ? `No ${column}` : value;
}
