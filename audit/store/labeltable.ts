/**
 * State and verdict of every label, one byte each. Code that visits all labels of 100,000 cases
 * reads this table instead of the rows.
 */
import { Verdict, caseVerdict } from '../contract/terms.ts';
import type { Database } from './database.ts';
import type { LabelTable } from './types.ts';

const ABSENT = 0;
const OPEN = 1;
/** The byte of the first verdict; the others follow in the order of `Verdict.options`. */
const JUDGED = 2;

/**
 * Decodes a byte of the table: a verdict, null if there is none yet, undefined if the label is
 * absent.
 */
export function verdictOfCell(cell: number): Verdict | null | undefined {
  if (cell === ABSENT) return undefined;
  return cell === OPEN ? null : Verdict.options[cell - JUDGED];
}

/** The inverse of `verdictOfCell`. */
export function cellOfVerdict(verdict: Verdict | null | undefined): number {
  if (verdict === undefined) return ABSENT;
  return verdict === null ? OPEN : JUDGED + Verdict.options.indexOf(verdict);
}

/** The verdict of a case (`caseVerdict`) from its bytes: `structures` bytes from index `from`. */
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

/** SQL: the imported mask of the label that row `r` of `revisions` belongs to, or NULL. */
export const IMPORTED_MASK = `(
  SELECT f.mask FROM revisions f WHERE f.case_id = r.case_id
    AND f.structure_id = r.structure_id AND f.number = 1 AND f.reason = 'import')`;

/**
 * Labels whose mask differs from the imported one; `LabelSummary.changed` says so of a single label.
 */
export function readChangedLabels(db: Database): { case: string; structure: string }[] {
  // The condition before AND is cheap and leaves few rows, because nearly all revisions are imports.
  return db
    .all<{ case: string; structure: string }>(
      `SELECT c.name AS "case", t.name AS structure FROM revisions r
         CROSS JOIN labels l ON l.case_id = r.case_id AND l.structure_id = r.structure_id
           AND l.revision = r.number
         JOIN cases c ON c.id = l.case_id JOIN structures t ON t.id = l.structure_id
       WHERE NOT t.hidden AND (r.number > 1 OR r.reason <> 'import') AND r.mask IS NOT ${IMPORTED_MASK}`,
    )
    .map((row) => ({ ...row }));
}

/** @param ids the ids of the structures, in their order */
export function readLabelTable(db: Database, ids: readonly number[]): LabelTable {
  const structures = ids.length;
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  return db.snapshot(() => {
    // Cases are never removed, so the n-th case has the id n. SQLite returns one JSON value several
    // times as fast as one row a case.
    const names = db.get<{ names: string }>(
      'SELECT json_group_array(name) AS names FROM (SELECT name FROM cases ORDER BY id)',
    );
    const cases = JSON.parse(names?.names ?? '[]') as string[];
    const cells = new Uint8Array(cases.length * structures).fill(OPEN);
    const put = (row: { c: number; s: number }, cell: number): void => {
      const place = placeOf.get(row.s);
      if (place !== undefined) cells[(row.c - 1) * structures + place] = cell;
    };
    const present = db.get<{ n: number }>(
      `SELECT count(*) AS n FROM labels WHERE state <> 'absent'
         AND structure_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
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
