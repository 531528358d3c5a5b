/** Rows of revisions and of the stroke journal; call the writing ones in a transaction. */
import { UserError } from '../errors.ts';
import { appendAudit } from './audit-log.ts';
import type { Database } from './database.ts';
import type { LabelKey } from './reader.ts';
import type { StoredStroke, Stroke } from './types.ts';

/** A revision about to be written; `mask` null makes the label absent. */
export interface NewRevision {
  readonly mask: string | null;
  readonly area: number;
  readonly author: string;
  readonly reason: string;
  /** As it is stored, see `storedName`. */
  readonly sourceFile: string | null;
}

/**
 * Appends a revision, makes it the label's current one and tells the audit log.
 * @returns its number; that of the newest where that one has the same content, which changes nothing
 */
export function writeRevision(db: Database, label: LabelKey, revision: NewRevision): number {
  const { caseId, structureId } = label;
  const newest = newestRevision(db, label);
  const { mask, area, author, reason } = revision;
  if (!newest && mask === null) {
    throw new UserError(
      `The label "${label.structure}" of case "${label.case}" is absent already.`,
    );
  }
  if (newest?.mask === mask) return newest.number;
  const number = (newest?.number ?? 0) + 1;
  db.run(
    `INSERT INTO revisions (case_id, structure_id, number, mask, area, author, at, reason,
       source_file) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    caseId,
    structureId,
    number,
    mask,
    area,
    author,
    new Date().toISOString(),
    reason,
    revision.sourceFile,
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
  const detail = { case: label.case, structure: label.structure, number, mask, area, reason };
  appendAudit(db, author, 'revision', detail);
  return number;
}

function newestRevision(
  db: Database,
  label: LabelKey,
): { number: number; mask: string | null } | undefined {
  return db.get(
    `SELECT number, mask FROM revisions WHERE case_id = ? AND structure_id = ?
     ORDER BY number DESC LIMIT 1`,
    label.caseId,
    label.structureId,
  );
}

/** Appends a stroke, which was checked against the image's size, to the journal. */
export function writeStroke(
  db: Database,
  label: LabelKey,
  stroke: Stroke,
  author: string,
): StoredStroke {
  const baseRevision = newestRevision(db, label)?.number ?? 0;
  const at = new Date().toISOString();
  const { x, y, width, height, before, after } = stroke;
  const { lastInsertRowid: id } = db.run(
    `INSERT INTO strokes (case_id, structure_id, base_revision, x, y, width, height, before, after,
       at, author) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    label.caseId,
    label.structureId,
    baseRevision,
    x,
    y,
    width,
    height,
    before,
    after,
    at,
    author,
  );
  return { x, y, width, height, before, after, id, baseRevision, author, at };
}

/** Removes the strokes up to `last`, which revision `number` holds now. */
export function clearStrokes(db: Database, label: LabelKey, last: number, number: number): void {
  const { caseId, structureId } = label;
  db.run(
    'DELETE FROM strokes WHERE case_id = ? AND structure_id = ? AND id <= ?',
    caseId,
    structureId,
    last,
  );
  // What was drawn while the file was written goes on from the new revision.
  db.run(
    'UPDATE strokes SET base_revision = ? WHERE case_id = ? AND structure_id = ?',
    number,
    caseId,
    structureId,
  );
}
