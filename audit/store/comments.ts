/** Comments on labels, as rows. */
import type { Database } from './database.ts';
import type { LabelRowKey } from './label.ts';

/** An empty text takes the comment before it back. The audit log is the caller's business. */
export function writeComment(db: Database, label: LabelRowKey, author: string, text: string): void {
  db.run(
    'INSERT INTO comments (case_id, structure_id, at, author, text) VALUES (?, ?, ?, ?, ?)',
    label.caseId,
    label.structureId,
    new Date().toISOString(),
    author,
    text,
  );
}
