/** Formats the figures of an evaluation as a table. */
import { decimal, percent } from '../contract/words.ts';
import type { Figures } from '../ranking/evaluate.ts';
import { formatTable } from './terminal.ts';

/** A table with one row for each measure, per case and per label. */
export function evaluationTable(
  rows: readonly (Figures & { readonly by: string; readonly per: string })[],
): string {
  const shares = rows[0]?.lift.map(({ share }) => `lift ${percent(share)}`) ?? [];
  const header = ['per', 'by', 'n', 'errors', 'AUROC', 'AUPRC', ...shares, 'Spearman'];
  return formatTable(
    header,
    rows.map((row) => [
      row.per,
      row.by,
      String(row.count),
      String(row.errors),
      decimal(row.auroc, 3),
      decimal(row.auprc, 3),
      ...row.lift.map(({ lift }) => decimal(lift, 2)),
      decimal(row.spearman, 3),
    ]),
  );
}
