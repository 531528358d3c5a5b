/** Rows of comments. */
import type { Database } from './database.ts';
import type { LabelRowKey } from './label.ts';

/** Inserts a comment; an empty text takes back the one before. The caller writes the audit row. */
export function writeComment(
  db: Database,
  label: LabelRowKey,
  author: string,
  text: string,
  at = new Date().toISOString(),
): void {
  db.run(
    'INSERT INTO comments (case_id, structure_id, at, author, text) VALUES (?, ?, ?, ?, ?)',
    label.caseId,
    label.structureId,
    at,
    author,
    text,
  );
}
