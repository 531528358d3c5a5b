// Changes a project's database as somebody who knows how Overread works: the sums and the audit log are made to
// fit the changed rows, so that they do not reveal the change.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from '@photostructure/sqlite';
import { canonicalJson } from '../../../dist/audit/store/audit-log.js';
import { summariseImport } from '../../../dist/audit/store/imports.js';

const triggersOf = (db) =>
  db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();

/** Writes the log's rows again, so that they fit the cases and each other. */
function signLog(db) {
  let previous = '0'.repeat(64);
  const all = { iterate: (sql, ...values) => db.prepare(sql).iterate(...values) };
  const update = db.prepare('UPDATE audit SET detail = ?, hash = ? WHERE sequence = ?');
  for (const row of db.prepare('SELECT * FROM audit ORDER BY sequence').all()) {
    const { sequence, at, author, action } = row;
    let detail;
    try {
      detail = JSON.parse(row.detail);
    } catch {
      continue;
    }
    if (action === 'import') detail = summariseImport(all, detail.first, detail.last);
    const text = canonicalJson({ sequence, at, author, action, detail });
    previous = createHash('sha256')
      .update(previous + text)
      .digest('hex');
    update.run(canonicalJson(detail), previous, sequence);
  }
  db.prepare("UPDATE meta SET value = ? WHERE key = 'audit_head'").run(previous);
}

/**
 * @param work gets the open database; triggers do not hold it back
 * @param options.sign whether the sums and the log are made to fit
 * @returns the bytes of the changed database
 */
export function changedDatabase(bytes, file, work, { sign = true } = {}) {
  writeFileSync(file, bytes);
  const db = new DatabaseSync(file, { defensive: false });
  try {
    db.exec('PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = OFF;');
    const triggers = triggersOf(db);
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    work(db);
    if (sign) {
      try {
        signLog(db);
        db.exec('DELETE FROM sums');
      } catch {
        // The change left no log that could be signed.
      }
    }
    const left = new Set(triggersOf(db).map(({ name }) => name));
    for (const { name, sql } of triggers) if (!left.has(name)) db.exec(sql);
  } finally {
    db.close();
  }
  const changed = readFileSync(file);
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
  return changed;
}
