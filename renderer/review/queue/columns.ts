/** Columns of the dataset as filters of the queue, and their values in words. */
import type { ColumnValues } from '../../../audit/contract/api.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { CaseColumn } from '../../../audit/contract/terms.ts';

export type { ColumnValues };

/** A menu shows up to this many values; more need a search. */
export const FEW = 12;

export const NAMES: Readonly<Record<CaseColumn, string>> = {
  split: 'Split',
  annotator: 'Annotator',
  patient: 'Patient',
};

/** The columns with more than one value; others cannot filter anything. */
export async function choosable(
  client: Pick<Client, 'column'>,
  signal?: AbortSignal,
): Promise<ColumnValues[]> {
  const all = await Promise.all(
    CaseColumn.options.map((column) => client.column(column, { limit: FEW }, signal)),
  );
  return all.filter(({ total, without }) => total > 1 || (total === 1 && without > 0));
}

/** A value in words; the empty value is `No …`. */
export function valueName(column: CaseColumn, value: string): string {
  return value === '' ? `No ${column}` : value;
}
