/** Brings a project's database to the newest schema, after a backup. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../errors.ts';
import type { Database } from './database.ts';
import { syncFolderNow } from './files.ts';
import { explainProblem } from './problems.ts';
import { checkSchema } from './schemacheck.ts';
import { SUMS_SINCE, applicationId, migrations as released } from './schema.ts';
import type { Migration } from './schema.ts';
import { forgetSums } from './sums.ts';

export function newestVersion(migrations: readonly Migration[] = released): number {
  return migrations.at(-1)?.to ?? 0;
}

/**
 * The schema version of an open database. Nothing may be read or written before this check.
 * @throws UserError if the file is not a project, a newer version of Overread made it, or its schema is
 *   not the one that Overread makes
 */
export function checkVersion(
  db: Database,
  folder: string,
  migrations: readonly Migration[] = released,
): number {
  const id = db.get<{ application_id: number }>('PRAGMA application_id')?.application_id;
  if (id !== applicationId) {
    throw new UserError(`${folder} is not an Overread project: its project.db is something else.`, {
      code: 'bad-file',
    });
  }
  const version = db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  const newest = newestVersion(migrations);
  if (version > newest) {
    throw new UserError(
      `The project ${folder} was made by a newer version of Overread (its format is ${version}, ` +
        `this version knows ${newest}): update Overread to open it.`,
      { code: 'newer-version' },
    );
  }
  checkSchema(db, folder, version, migrations);
  return version;
}

/** Makes all tables in an empty database. */
export function createSchema(db: Database, migrations: readonly Migration[] = released): void {
  db.transaction(() => {
    for (const migration of migrations) db.exec(migration.sql);
    db.exec(`PRAGMA application_id = ${applicationId};`);
    db.exec(`PRAGMA user_version = ${newestVersion(migrations)};`);
  });
}

/**
 * Migrates an older database; the caller holds the writer's lock. Each step is a transaction, so an
 * interruption leaves a valid database of a version in between.
 * @returns the backup's file, or null if the project was up to date
 */
export function migrate(
  db: Database,
  folder: string,
  migrations: readonly Migration[] = released,
): string | null {
  const version = checkVersion(db, folder, migrations);
  if (version === newestVersion(migrations)) return null;
  const backup = backUp(db, folder, version);
  bringUp(db, version, migrations);
  return backup;
}

/**
 * Brings a database to the newest schema, without a backup.
 * @param version what `checkVersion` found
 */
export function bringUp(
  db: Database,
  version: number,
  migrations: readonly Migration[] = released,
): void {
  const steps = migrations.filter((migration) => migration.to > version);
  // A step may rebuild a table that other tables refer to, so foreign keys are checked only after it.
  db.exec('PRAGMA foreign_keys = OFF;');
  try {
    for (const step of steps) {
      db.transaction(() => {
        db.exec(step.sql);
        const broken = db.all('PRAGMA foreign_key_check');
        if (broken.length > 0) throw new Error(`migration to ${step.to} breaks references`);
        db.exec(`PRAGMA user_version = ${step.to};`);
        // A step may change rows that were summed up.
        if (step.to > SUMS_SINCE) forgetSums(db);
      });
    }
  } finally {
    db.exec('PRAGMA foreign_keys = ON;');
  }
}

/**
 * Copies the database to `project-v<version>-<time>.db` beside it, synced and readable on its own.
 */
function backUp(db: Database, folder: string, version: number): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  let file = path.join(folder, `project-v${version}-${time}.db`);
  for (let n = 2; existsSync(file); n++) {
    file = path.join(folder, `project-v${version}-${time}-${n}.db`);
  }
  const temporary = `${file}.tmp`;
  try {
    rmSync(temporary, { force: true });
    db.copyTo(temporary);
    renameSync(temporary, file);
    syncFolderNow(folder);
    return file;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explainProblem(error, folder);
  }
}
