/**
 * Every label's state and verdict at once, a byte each: whatever goes over all labels of 100,000
 * cases reads this instead of their rows.
 */
import { Verdict, caseVerdict } from '../contract/terms.ts';
import type { Database } from './database.ts';
import type { LabelTable } from './types.ts';

const ABSENT = 0;
const OPEN = 1;
/** The first verdict's; the others follow in the order of the contract. */
const JUDGED = 2;

/** What a byte of the table says: a verdict, null for none yet, undefined for an absent label. */
export function verdictOfCell(cell: number): Verdict | null | undefined {
  if (cell === ABSENT) return undefined;
  return cell === OPEN ? null : Verdict.options[cell - JUDGED];
}

export function cellOfVerdict(verdict: Verdict | null | undefined): number {
  if (verdict === undefined) return ABSENT;
  return verdict === null ? OPEN : JUDGED + Verdict.options.indexOf(verdict);
}

/** A case's verdict (`caseVerdict`) from its `structures` bytes, the first of them at `from`. */
export function verdictOfCells(
  cells: Uint8Array,
  from: number,
  structures: number,
): Verdict | null {
  const own = cells.subarray(from, from + structures);
  if (own.every((cell) => cell <= OPEN)) return null;
  return caseVerdict(
    [...own].map((cell) => ({
      state: cell === ABSENT ? 'absent' : 'drawn',
      verdict: verdictOfCell(cell) ?? null,
    })),
  );
}

/** The mask that the label of the row `r` of `revisions` was imported with; NULL where it had none. */
export const IMPORTED_MASK = `(
  SELECT f.mask FROM revisions f WHERE f.case_id = r.case_id
    AND f.structure_id = r.structure_id AND f.number = 1 AND f.reason = 'import')`;

/** Labels whose mask is not the imported one, as `LabelSummary.changed` says of one. */
export function readChangedLabels(db: Database): { case: string; structure: string }[] {
  // Only these revisions are looked at: nearly all labels have no other than the imported one.
  return db
    .all<{ case: string; structure: string }>(
      `SELECT c.name AS "case", t.name AS structure FROM revisions r
         CROSS JOIN labels l ON l.case_id = r.case_id AND l.structure_id = r.structure_id
           AND l.revision = r.number
         JOIN cases c ON c.id = l.case_id JOIN structures t ON t.id = l.structure_id
       WHERE (r.number > 1 OR r.reason <> 'import') AND r.mask IS NOT ${IMPORTED_MASK}`,
    )
    .map((row) => ({ ...row }));
}

export function readLabelTable(db: Database, structures: number): LabelTable {
  return db.snapshot(() => {
    // Cases are never removed: the n-th has the id n. In one value, which crosses from SQLite several
    // times as fast as a row for each.
    const names = db.get<{ names: string }>(
      'SELECT json_group_array(name) AS names FROM (SELECT name FROM cases ORDER BY id)',
    );
    const cases = JSON.parse(names?.names ?? '[]') as string[];
    const cells = new Uint8Array(cases.length * structures).fill(OPEN);
    const put = (row: { c: number; s: number }, cell: number): void => {
      cells[(row.c - 1) * structures + row.s - 1] = cell;
    };
    const present = db.get<{ n: number }>(
      "SELECT count(*) AS n FROM labels WHERE state <> 'absent'",
    );
    if (present?.n !== cells.length) {
      for (const row of db.all<{ c: number; s: number }>(
        `SELECT c.id AS c, s.id AS s FROM cases c CROSS JOIN structures s
         LEFT JOIN labels l ON l.case_id = c.id AND l.structure_id = s.id
         WHERE l.state IS NULL OR l.state = 'absent'`,
      )) {
        put(row, ABSENT);
      }
    }
    for (const row of db.all<{ c: number; s: number; verdict: Verdict }>(
      `SELECT case_id AS c, structure_id AS s, verdict FROM labels
       WHERE verdict IS NOT NULL AND state <> 'absent'`,
    )) {
      put(row, cellOfVerdict(row.verdict));
    }
    return { cases, cells };
  });
}
