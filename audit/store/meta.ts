/** Single values of a project, by name. */
import type { Database } from './database.ts';

/**
 * - `name`, `root` (where the dataset lies), `origin` (JSON) and `created`: from its creation on.
 * - `audit_head`: hash of the newest row of the audit log.
 * - `audited_case`: the last row of `cases` that the audit log tells of.
 * - `scores_state`: see `readScoresState`.
 */
export type MetaKey =
  'name' | 'root' | 'origin' | 'created' | 'audit_head' | 'audited_case' | 'scores_state';

/** Null where it was never written. */
export function readMeta(db: Database, key: MetaKey): string | null {
  const row = db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key);
  return row?.value ?? null;
}

export function writeMeta(db: Database, key: MetaKey, value: string): void {
  db.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value);
}
