/** Formats the figures of an evaluation as a table. */
import { decimal, percent } from '../contract/words.ts';
import type { Figures } from '../ranking/evaluate.ts';
import { formatTable } from './terminal.ts';

/** The figures of one measure; results of earlier versions have no levels. */
type EvaluationRow = Omit<Figures, 'levels'> &
  Partial<Pick<Figures, 'levels'>> & { readonly by: string; readonly per: string };

/** `0.95` as `.95`. */
const level = (dice: number): string => decimal(dice, 2).replace(/^0/, '');

/** Says below which dice labels are errors; the same thresholds share a part. */
export function errorsSentence(errorBelow: Readonly<Record<string, number>>): string {
  const names = new Map<number, string[]>();
  for (const [name, dice] of Object.entries(errorBelow)) {
    names.set(dice, [...(names.get(dice) ?? []), name]);
  }
  const parts = [...names].map(([dice, own]) => `${level(dice)} (${own.join(', ')})`);
  return `Errors: a dice with the true mask below ${parts.join(', ')}.`;
}

/**
 * A table with one row for each measure, per case and per label. The columns `< .95` hold the AUROC where
 * a label with a lower dice is an error.
 */
export function evaluationTable(rows: readonly EvaluationRow[]): string {
  const shares = rows[0]?.lift.map(({ share }) => `lift ${percent(share)}`) ?? [];
  const levels = rows[0]?.levels?.map(({ below }) => `< ${level(below)}`) ?? [];
  const header = ['per', 'by', 'n', 'errors', 'AUROC', ...levels, 'AUPRC', ...shares, 'Spearman'];
  return formatTable(
    header,
    rows.map((row) => [
      row.per,
      row.by,
      String(row.count),
      String(row.errors),
      decimal(row.auroc, 3),
      ...levels.map((_, i) => decimal(row.levels?.[i]?.auroc ?? null, 3)),
      decimal(row.auprc, 3),
      ...row.lift.map(({ lift }) => decimal(lift, 2)),
      decimal(row.spearman, 3),
    ]),
  );
}
