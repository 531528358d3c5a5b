/** What the dataset says of its cases, as filters: which there are, and their values in words. */
import type { Column } from '../../../audit/contract/api.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { CaseColumn } from '../../../audit/contract/terms.ts';

export type { Column };

/** A menu shows so many values; more are searched. */
export const FEW = 12;

export const NAMES: Readonly<Record<CaseColumn, string>> = {
  split: 'Split',
  annotator: 'Annotator',
  patient: 'Patient',
};

/** The columns in which cases differ: only those can leave something out. */
export async function choosable(
  client: Pick<Client, 'column'>,
  signal?: AbortSignal,
): Promise<Column[]> {
  const all = await Promise.all(
    CaseColumn.options.map((column) => client.column(column, { limit: FEW }, signal)),
  );
  return all.filter(({ total, without }) => total > 1 || (total === 1 && without > 0));
}

/** What stands for a value; empty is none. */
export function valueName(column: CaseColumn, value: string): string {
  return value === '' ? `No ${column}` : value;
}
