/** Rows of revisions. Functions that write must be called inside a transaction. */
import { UserError } from '../errors.ts';
import { appendAudit } from './audit-log.ts';
import type { Database } from './database.ts';
import type { LabelRowKey, StoredLabel } from './label.ts';
import type { LabelRevision } from './types.ts';

/** A revision to be written; `mask` null makes the label absent. */
export interface NewRevision {
  readonly mask: string | null;
  readonly area: number;
  readonly author: string;
  readonly reason: string;
  /**
   * The path of the file that the mask came from, in the form that `storedName` gives; null if there is
   * none.
   */
  readonly sourceFile: string | null;
}

/**
 * Appends a revision, makes it the label's current one and writes a row of the audit log. Changes
 * nothing if the newest revision has the same mask.
 * @returns the number of the new revision, or of the newest one if nothing changed
 */
export function writeRevision(db: Database, label: StoredLabel, revision: NewRevision): number {
  const newest = newestRevision(db, label);
  const { mask, area, author, reason } = revision;
  if (!newest && mask === null) {
    throw new UserError(
      `The label "${label.structure}" of case "${label.case}" is absent already.`,
    );
  }
  if (newest?.mask === mask) return newest.number;
  const number = (newest?.number ?? 0) + 1;
  insertRevision(db, label, number, new Date().toISOString(), revision);
  const detail = { case: label.case, structure: label.structure, number, mask, area, reason };
  appendAudit(db, author, 'revision', detail);
  return number;
}

/** Inserts a revision and makes it the label's current one. */
export function insertRevision(
  db: Database,
  label: LabelRowKey,
  number: number,
  at: string,
  revision: NewRevision,
): void {
  const { caseId, structureId } = label;
  const { mask, area, author, reason, sourceFile } = revision;
  db.run(
    `INSERT INTO revisions (case_id, structure_id, number, mask, area, author, at, reason,
       source_file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    caseId,
    structureId,
    number,
    mask,
    area,
    author,
    at,
    reason,
    sourceFile,
  );
  db.run(
    `INSERT INTO labels (case_id, structure_id, revision, state, verdict)
     VALUES (?, ?, ?, ?, NULL)
     ON CONFLICT DO UPDATE SET revision = excluded.revision, state = excluded.state`,
    caseId,
    structureId,
    number,
    mask === null ? 'absent' : area === 0 ? 'empty' : 'drawn',
  );
}

/** The newest revision, or undefined if the label never had one. */
export function newestRevision(
  db: Database,
  label: LabelRowKey,
): { number: number; mask: string | null } | undefined {
  return db.get(
    `SELECT number, mask FROM revisions WHERE case_id = ? AND structure_id = ?
     ORDER BY number DESC LIMIT 1`,
    label.caseId,
    label.structureId,
  );
}

interface RevisionRow {
  number: number;
  mask: string | null;
  area: number;
  author: string;
  at: string;
  reason: string;
  source_file: string | null;
}

/**
 * Revisions of one label, oldest first.
 * @param place makes a stored file name absolute, or null if the project may not name the file
 */
export function listRevisions(
  db: Database,
  label: StoredLabel,
  place: (file: string) => string | null,
): LabelRevision[] {
  return db
    .all<RevisionRow>(
      'SELECT * FROM revisions WHERE case_id = ? AND structure_id = ? ORDER BY number',
      label.caseId,
      label.structureId,
    )
    .map((row) => ({
      case: label.case,
      structure: label.structure,
      number: row.number,
      mask: row.mask,
      area: row.area,
      author: row.author,
      at: row.at,
      reason: row.reason,
      sourceFile: row.source_file === null ? null : place(row.source_file),
    }));
}

/**
 * Hash of the label's mask in `revision`, or in the newest revision if none is given.
 * @returns the hash, or null if the label is absent in that revision
 * @throws UserError if the label has no revision of that number
 */
export function readMaskHash(db: Database, label: StoredLabel, revision?: number): string | null {
  const row = db.get<{ mask: string | null }>(
    `SELECT mask FROM revisions WHERE case_id = ? AND structure_id = ?
       AND (number = ? OR ? IS NULL) ORDER BY number DESC LIMIT 1`,
    label.caseId,
    label.structureId,
    revision ?? null,
    revision ?? null,
  );
  if (!row && revision !== undefined) {
    throw new UserError(
      `The label "${label.structure}" of case "${label.case}" has no revision ${revision}.`,
    );
  }
  return row?.mask ?? null;
}

/** Number of different masks in all revisions. */
export function countMasks(db: Database): number {
  return db.get<{ n: number }>('SELECT count(DISTINCT mask) AS n FROM revisions')?.n ?? 0;
}
