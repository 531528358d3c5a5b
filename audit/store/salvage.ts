/**
 * Reads what can be read of a damaged database into a new one. SQLite cannot read beyond a broken page of a
 * table, so each table is read from both of its ends.
 */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Database } from './database.ts';
import { makeOwnFile, syncFolderNow } from './files.ts';
import { createSchema } from './migrate.ts';

/** The tables, parents before their children, with the columns of their keys. */
const TABLES: readonly (readonly [string, readonly string[]])[] = [
  ['meta', ['key']],
  ['structures', ['id']],
  ['cases', ['id']],
  ['revisions', ['case_id', 'structure_id', 'number']],
  ['labels', ['case_id', 'structure_id']],
  ['comments', ['id']],
  ['strokes', ['id']],
  ['runs', ['sequence']],
  ['scores', ['model', 'case_id', 'structure_id']],
  ['import_notices', ['id']],
  ['audit', ['sequence']],
  ['calibrations', ['model']],
];

type Row = Record<string, string | number | null | Uint8Array>;

/** Whether SQLite finds nothing wrong with the file. */
function isWhole(file: string): boolean {
  let db: Database | null = null;
  try {
    db = Database.open(file);
    const [found] = db.all<{ integrity_check: string }>('PRAGMA integrity_check(1)');
    return found?.integrity_check === 'ok';
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/**
 * Replaces the project's database by what can be read of it, if it is damaged.
 * @returns the number of rows that could be read; null if the database is whole
 */
export function salvage(place: string): number | null {
  const file = path.join(place, 'project.db');
  if (isWhole(file)) return null;
  const temporary = `${file}.new`;
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${temporary}${end}`, { force: true });
  makeOwnFile(temporary);
  const rows = copyRows(file, temporary);
  for (const end of ['-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
  renameSync(temporary, file);
  syncFolderNow(place);
  return rows;
}

function copyRows(from: string, to: string): number {
  const [damaged, whole] = [Database.openReadOnly(from), Database.open(to)];
  let copied = 0;
  try {
    createSchema(whole);
    whole.exec('PRAGMA foreign_keys = OFF;');
    whole.transaction(() => {
      for (const [table, keys] of TABLES) {
        for (const order of ['', ' DESC']) {
          const by = keys.map((key) => `${key}${order}`).join(', ');
          copied += copyTable(
            damaged,
            whole,
            `SELECT * FROM ${table} NOT INDEXED ORDER BY ${by}`,
            table,
          );
        }
      }
    });
  } finally {
    damaged.close();
    whole.close();
  }
  return copied;
}

/** Copies rows until one cannot be read. @returns how many are new */
function copyTable(damaged: Database, whole: Database, query: string, table: string): number {
  let copied = 0;
  try {
    for (const row of damaged.iterate<Row>(query)) {
      const names = Object.keys(row);
      const places = names.map(() => '?').join(', ');
      try {
        copied += whole.run(
          `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${places})`,
          ...Object.values(row),
        ).changes;
      } catch {
        // The row's values are broken: the others may be whole.
      }
    }
  } catch {
    // The rest of the table cannot be read from this end.
  }
  return copied;
}
