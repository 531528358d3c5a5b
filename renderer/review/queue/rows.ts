/** The queue's filter, the keys of its rows, and the labels that a verdict on a row judges. Pure. */
import { hasBlindChecks } from '../../../audit/contract/api.ts';
import type { CasesPage, CasesQuery, QueueEntry } from '../../../audit/contract/api.ts';
import { labelKey } from '../../../audit/contract/label-key.ts';
import { caseVerdict } from '../../../audit/contract/terms.ts';
import type { LabelKind, RankPer, Verdict } from '../../../audit/contract/terms.ts';

export type Row = QueueEntry;
export type QueuePage = CasesPage;

/** What the queue shows, and in which order. */
export interface QueueFilter {
  readonly search: string;
  readonly sort: 'rank' | 'name' | 'verdict';
  readonly order: 'ascending' | 'descending';
  readonly per: RankPer;
  readonly structure: string | null;
  readonly verdict: Verdict | 'none' | null;
  /** The kind of error that a label seems to have; null lets all pass. */
  readonly kind: LabelKind | null;
  /** The range of scores that pass, both ends included; null sets no limit. */
  readonly min: number | null;
  readonly max: number | null;
  /**
   * The value that a case must have in a column. Null lets all cases pass, and the empty text those without a
   * value.
   */
  readonly split: string | null;
  readonly annotator: string | null;
  readonly patient: string | null;
  /** Whether blind checks are mixed in, if the order allows it. */
  readonly blind: boolean;
}

export const EVERYTHING: QueueFilter = {
  search: '',
  sort: 'rank',
  order: 'ascending',
  per: 'case',
  structure: null,
  verdict: null,
  kind: null,
  min: null,
  max: null,
  split: null,
  annotator: null,
  patient: null,
  blind: false,
};

/** Whether the filter leaves rows out. */
export function isFiltered(filter: QueueFilter): boolean {
  const { search, structure, verdict, kind, min, max, split, annotator, patient } = filter;
  const chosen = [structure, verdict, kind, min, max, split, annotator, patient];
  return search.trim() !== '' || chosen.some((value) => value !== null);
}

export function queryOf(filter: QueueFilter): CasesQuery {
  const { search, sort, order, per, structure, verdict, kind, min, max } = filter;
  const { split, annotator, patient, blind } = filter;
  return {
    search: search.trim(),
    sort,
    order,
    per,
    ...(structure !== null && { structure }),
    ...(verdict !== null && { verdict }),
    ...(kind !== null && { kind }),
    ...(min !== null && { min }),
    ...(max !== null && { max }),
    ...(split !== null && { split }),
    ...(annotator !== null && { annotator }),
    ...(patient !== null && { patient }),
    ...(blind && { blind: 'true' }),
  };
}

/** Whether blind checks are cases or labels; undefined if the queue has no blind checks. */
export function blindPer(filter: QueueFilter): RankPer | undefined {
  const { blind, sort, order, per } = filter;
  const mixed = hasBlindChecks({ ...queryOf(filter), blind, sort, order, per });
  return mixed ? per : undefined;
}

/** The key of a row, the same in every list. */
export function rowKey(row: Pick<Row, 'case' | 'structure'>): string {
  return labelKey(row.case, row.structure);
}

/** One label and its verdict. */
export interface LabelVerdict {
  readonly case: string;
  readonly structure: string;
  readonly verdict: Verdict | null;
}

/** The row with these verdicts applied; the same object if none is on its case. */
export function withVerdicts(row: Row, verdicts: readonly LabelVerdict[]): Row {
  const own = verdicts.filter((given) => given.case === row.case);
  if (own.length === 0) return row;
  const labels = row.labels.map((label) => {
    const given = own.find(({ structure }) => structure === label.structure);
    return given ? { ...label, verdict: given.verdict } : label;
  });
  const verdict =
    row.structure === null
      ? caseVerdict(labels)
      : (labels.find(({ structure }) => structure === row.structure)?.verdict ?? null);
  return { ...row, labels, verdict };
}

/** How a person sees the case of a row on the stage, as far as a verdict depends on it. */
export interface View {
  /** The only structure to judge; without one, a verdict judges the whole row. */
  readonly only?: string | null;
  /** Structures that the stage hides. They are not accepted. */
  readonly hidden?: ReadonlySet<string>;
}

/** The labels that a verdict on a row judges. */
export interface Meaning {
  readonly verdicts: readonly LabelVerdict[];
  /** True if every label had a verdict already: all verdicts are replaced. */
  readonly again: boolean;
  /** True if the verdicts are those of the whole case, whichever labels the server finds in it. */
  readonly whole: boolean;
  /** Structures that are not accepted because the stage hides them. */
  readonly unseen: readonly string[];
}

/**
 * A verdict on a label's row judges that label. A verdict on a case's row judges the case's labels
 * without a verdict, or all labels if each has one; with `view.only`, it judges that structure alone.
 * A changed label is never accepted but saved as fixed, even if it had a verdict. “Fixed” judges the
 * changed labels, and accepts the other labels without a verdict. A hidden label is not accepted. No
 * verdict (null) clears every verdict of the row.
 * @param changed structures that were drawn since the last verdict
 */
export function meaningOf(
  row: Row,
  verdict: Verdict | null,
  changed: ReadonlySet<string> = new Set(),
  view: View = {},
): Meaning {
  const one = row.structure ?? view.only ?? null;
  const present = row.labels.filter(({ state }) => state !== 'absent');
  const open = present.filter((label) => label.verdict === null);
  const again = one === null && verdict !== null && verdict !== 'fixed' && open.length === 0;
  const keeps = verdict === 'accepted' || verdict === 'fixed';
  const judged =
    verdict === null ? present.filter((label) => label.verdict !== null) : again ? present : open;
  const drawn = keeps ? [...changed] : [];
  const structures =
    one === null
      ? new Set([...judged.map(({ structure }) => structure), ...drawn])
      : row.structure !== null || changed.has(one)
        ? [one]
        : present.filter(({ structure }) => structure === one).map(({ structure }) => structure);
  const meant = [...structures].map((structure): LabelVerdict => {
    const rest = verdict === 'fixed' && one === null ? 'accepted' : verdict;
    const value = keeps && changed.has(structure) ? 'fixed' : rest;
    return { case: row.case, structure, verdict: value };
  });
  const isUnseen = (given: LabelVerdict): boolean =>
    given.verdict === 'accepted' && view.hidden?.has(given.structure) === true;
  const unseen = meant.filter(isUnseen).map(({ structure }) => structure);
  return {
    verdicts: meant.filter((given) => !isUnseen(given)),
    again,
    whole: one === null && unseen.length === 0 && !(again && drawn.length > 0),
    unseen,
  };
}

/** The verdicts with “accepted” in place of “fixed” for labels that are the imported ones again. */
export function withoutFixes(
  verdicts: readonly LabelVerdict[],
  imported: ReadonlySet<string>,
): LabelVerdict[] {
  return verdicts.map((given) =>
    given.verdict === 'fixed' && imported.has(given.structure)
      ? { ...given, verdict: 'accepted' }
      : given,
  );
}
