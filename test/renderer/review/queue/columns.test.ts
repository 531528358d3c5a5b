import { expect, it } from 'vitest';
import { filterColumns, valueName } from '../../../../renderer/review/queue/columns.ts';
import type { ColumnValues } from '../../../../renderer/review/queue/columns.ts';

it('offers only filters that can leave something out', async () => {
  const told: Record<ColumnValues['column'], Pick<ColumnValues, 'total' | 'without'>> = {
    split: { total: 1, without: 0 },
    annotator: { total: 1, without: 3 },
    patient: { total: 40, without: 0 },
  };
  const client = {
    column: (column: ColumnValues['column']) =>
      Promise.resolve({ column, values: [], ...told[column] }),
  };
  const found = await filterColumns(client);
  expect(found.map(({ column }) => column)).toEqual(['annotator', 'patient']);
  told.patient = { total: 0, without: 40 };
  expect((await filterColumns(client)).map(({ column }) => column)).toEqual(['annotator']);
});

it('names an empty value by the column in which it is missing', () => {
  expect(valueName('annotator', '')).toBe('No annotator');
  expect(valueName('annotator', 'Ada')).toBe('Ada');
});
