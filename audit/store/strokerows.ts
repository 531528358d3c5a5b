/** Rows of the stroke journal. Functions that write must be called inside a transaction. */
import type { Database } from './database.ts';
import type { LabelRowKey } from './label.ts';
import { newestRevision } from './revisions.ts';
import type { StoredStroke, EncodedStroke } from './types.ts';

/** The label's strokes that no revision holds yet, in drawing order. */
export function readStrokes(db: Database, label: LabelRowKey): StoredStroke[] {
  return db.all<StoredStroke>(
    `SELECT id, base_revision AS baseRevision, x, y, width, height, before, after, at, author
     FROM strokes WHERE case_id = ? AND structure_id = ? ORDER BY id`,
    label.caseId,
    label.structureId,
  );
}

/** Appends a stroke to the journal. @param stroke checked by `checkStrokeInside` */
export function writeStroke(
  db: Database,
  label: LabelRowKey,
  stroke: EncodedStroke,
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

/** Removes the strokes up to id `last`, because revision `number` holds them now. */
export function clearStrokes(db: Database, label: LabelRowKey, last: number, number: number): void {
  const { caseId, structureId } = label;
  db.run(
    'DELETE FROM strokes WHERE case_id = ? AND structure_id = ? AND id <= ?',
    caseId,
    structureId,
    last,
  );
  // A person may have drawn more strokes while the mask was written. They start from the new revision.
  db.run(
    'UPDATE strokes SET base_revision = ? WHERE case_id = ? AND structure_id = ?',
    number,
    caseId,
    structureId,
  );
}
