/** Reads cases with their labels, page by page. */
import { caseVerdict } from '../contract/terms.ts';
import type { CaseSummary, LabelSummary } from '../contract/terms.ts';
import type { Database } from './database.ts';
import { IMPORTED_MASK } from './labeltable.ts';
import type { StoredStructure } from './structures.ts';
import type { CaseQuery } from './types.ts';

interface CaseRow {
  id: number;
  name: string;
  image_hash: string;
  width: number;
  height: number;
  bits: number;
  spacing_x: number | null;
  spacing_y: number | null;
  split: string | null;
  annotator: string | null;
  patient: string | null;
  study: string | null;
}

interface LabelRow {
  case_id: number;
  structure_id: number;
  revision: number;
  state: LabelSummary['state'];
  verdict: LabelSummary['verdict'];
  mask: string | null;
  area: number;
  /** Hash of the imported mask, or null if the dataset did not have this label. */
  imported: string | null;
}

/** One page of cases in import order. `search` is a part of the case's name, case-insensitive. */
export function listCases(
  db: Database,
  structures: readonly StoredStructure[],
  query: CaseQuery = {},
): CaseSummary[] {
  const { offset = 0, limit = -1, search = '' } = query;
  const pattern = `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return db.snapshot(() => {
    const rows =
      search === ''
        ? db.all<CaseRow>('SELECT * FROM cases ORDER BY id LIMIT ? OFFSET ?', limit, offset)
        : db.all<CaseRow>(
            "SELECT * FROM cases WHERE name LIKE ? ESCAPE '\\' ORDER BY id LIMIT ? OFFSET ?",
            pattern,
            limit,
            offset,
          );
    return summarise(db, structures, rows);
  });
}

/** The cases with these names, in this order. */
export function listNamed(
  db: Database,
  structures: readonly StoredStructure[],
  names: readonly string[],
): CaseSummary[] {
  const list = JSON.stringify(names);
  return db.snapshot(() => {
    const rows = db.all<CaseRow>(
      `SELECT c.* FROM json_each(?) AS wanted JOIN cases c ON c.name = wanted.value
       ORDER BY wanted.key`,
      list,
    );
    return summarise(db, structures, rows);
  });
}

export function findCase(
  db: Database,
  structures: readonly StoredStructure[],
  name: string,
): CaseSummary | null {
  return db.snapshot(() => {
    const row = db.get<CaseRow>('SELECT * FROM cases WHERE name = ?', name);
    return row ? (summarise(db, structures, [row])[0] ?? null) : null;
  });
}

/** Names of all cases, in import order. */
export function listNames(db: Database): string[] {
  return db.all<{ name: string }>('SELECT name FROM cases ORDER BY id').map(({ name }) => name);
}

/** Numbers of cases and of present labels. */
export function countRows(db: Database): { cases: number; labels: number } {
  const count = (sql: string): number => db.get<{ n: number }>(sql)?.n ?? 0;
  return {
    cases: count('SELECT count(*) AS n FROM cases'),
    labels: count(
      `SELECT count(*) AS n FROM labels WHERE state <> 'absent'
         AND structure_id IN (SELECT id FROM structures WHERE NOT hidden)`,
    ),
  };
}

/** The image of a case. */
export interface ImageRow {
  readonly name: string;
  /** The path of the image file, in the form that `storedName` gives. */
  readonly file: string;
  /** SHA-256 of the imported file. */
  readonly hash: string;
}

const PAGE = 1000;

/** The images of all cases, in import order, a page at a time. */
export function* imagePages(db: Database): Generator<ImageRow[]> {
  for (let after = 0; ;) {
    const rows = db.all<ImageRow & { id: number }>(
      `SELECT id, name, image_file AS file, image_hash AS hash FROM cases
       WHERE id > ? ORDER BY id LIMIT ?`,
      after,
      PAGE,
    );
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.id;
  }
}

/** The stored file name of a case's image, or null if there is no case of this name. */
export function findImageFile(db: Database, name: string): string | null {
  const row = db.get<{ file: string }>('SELECT image_file AS file FROM cases WHERE name = ?', name);
  return row?.file ?? null;
}

function summarise(
  db: Database,
  structures: readonly StoredStructure[],
  rows: readonly CaseRow[],
): CaseSummary[] {
  const ids = JSON.stringify(rows.map((row) => row.id));
  const key = (row: { case_id: number; structure_id: number }): string =>
    `${row.case_id}/${row.structure_id}`;
  const labels = new Map<string, LabelRow>();
  for (const label of db.all<LabelRow>(
    `SELECT l.case_id, l.structure_id, l.revision, l.state, l.verdict, r.mask, r.area,
       ${IMPORTED_MASK} AS imported
     FROM json_each(?) AS page
     JOIN labels l ON l.case_id = page.value
     JOIN revisions r
       ON r.case_id = l.case_id AND r.structure_id = l.structure_id AND r.number = l.revision`,
    ids,
  )) {
    labels.set(key(label), label);
  }
  const comments = new Map<string, string>();
  for (const comment of db.all<{ case_id: number; structure_id: number; text: string }>(
    `SELECT c.case_id, c.structure_id, c.text FROM json_each(?) AS page
     JOIN comments c ON c.case_id = page.value ORDER BY c.id`,
    ids,
  )) {
    comments.set(key(comment), comment.text);
  }
  return rows.map((row) => {
    const own = structures.map((structure): LabelSummary => {
      const at = `${row.id}/${structure.id}`;
      const label = labels.get(at);
      const present = label !== undefined && label.state !== 'absent';
      return {
        structure: structure.name,
        state: label?.state ?? 'absent',
        mask: label?.mask ?? null,
        revision: present ? label.revision : 0,
        area: label?.area ?? 0,
        verdict: label?.verdict ?? null,
        // An empty comment takes back the comment before it.
        comment: comments.get(at) || null,
        changed: (label?.mask ?? null) !== (label?.imported ?? null),
      };
    });
    const { spacing_x: x, spacing_y: y } = row;
    return {
      id: row.name,
      width: row.width,
      height: row.height,
      bits: row.bits,
      spacing: x !== null && y !== null ? [x, y] : null,
      split: row.split,
      annotator: row.annotator,
      patient: row.patient,
      study: row.study,
      imageHash: row.image_hash,
      labels: own,
      verdict: caseVerdict(own),
    };
  });
}
