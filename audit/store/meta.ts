/** Single values of a project, by key. */
import type { Database } from './database.ts';

/**
 * - `name`, `root` (path of the dataset), `origin` (JSON) and `created`: set when the project is
 *   made.
 * - `audit_head`: hash of the newest row of the audit log.
 * - `audited_case`: id of the last case that the audit log has an import row for.
 * - `scores_state`: see `readScoresState`.
 * - `chosen_run`: see `readChosenRun`.
 */
export type MetaKey =
  | 'name'
  | 'root'
  | 'origin'
  | 'created'
  | 'audit_head'
  | 'audited_case'
  | 'scores_state'
  | 'chosen_run';

/** The value, or null if it was never written. */
export function readMeta(db: Database, key: MetaKey): string | null {
  const row = db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key);
  return row?.value ?? null;
}

export function writeMeta(db: Database, key: MetaKey, value: string): void {
  db.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value);
}
