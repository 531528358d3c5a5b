/** The figures of an evaluation as a table. */
import type { Figures } from '../ranking/evaluate.ts';
import { formatTable } from './terminal.ts';

const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

/** One row a measure, per case and per label. */
export function evaluationTable(
  rows: readonly (Figures & { readonly by: string; readonly per: string })[],
): string {
  const shares = rows[0]?.lift.map(({ share }) => `lift ${Math.round(share * 100)} %`) ?? [];
  const header = ['per', 'by', 'n', 'errors', 'AUROC', 'AUPRC', ...shares, 'Spearman'];
  return formatTable(
    header,
    rows.map((row) => [
      row.per,
      row.by,
      String(row.count),
      String(row.errors),
      figure(row.auroc),
      figure(row.auprc),
      ...row.lift.map(({ lift }) => (lift === null ? '–' : lift.toFixed(2))),
      figure(row.spearman),
    ]),
  );
}
