/**
 * Compares the schema of a project's database with the one that Overread makes. Somebody else may have
 * added a trigger or a view, which would change what a person saves or sees.
 */
import { UserError } from '../errors.ts';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import type { Migration } from './schema.ts';

interface SchemaObject {
  readonly type: string;
  readonly name: string;
  /** Null for an index that SQLite makes for a key. */
  readonly sql: string | null;
}

const EVERY_OBJECT = 'SELECT type, name, sql FROM sqlite_schema ORDER BY rowid';

/** By the migrations' array and the version: the objects, by name. */
const made = new WeakMap<readonly Migration[], Map<number, ReadonlyMap<string, SchemaObject>>>();

/** The objects that the migrations up to `version` make. */
function expectedObjects(
  version: number,
  migrations: readonly Migration[],
): ReadonlyMap<string, SchemaObject> {
  const versions = made.get(migrations) ?? new Map<number, ReadonlyMap<string, SchemaObject>>();
  made.set(migrations, versions);
  let objects = versions.get(version);
  if (objects === undefined) {
    objects = byName(makeObjects(version, migrations));
    versions.set(version, objects);
  }
  return objects;
}

function makeObjects(version: number, migrations: readonly Migration[]): SchemaObject[] {
  let connection: Connection | null = null;
  try {
    connection = connect(':memory:', { timeout: 0 });
    for (const { to, sql } of migrations) if (to <= version) connection.exec(sql);
    const rows: unknown = connection.prepare(EVERY_OBJECT).all();
    return rows as SchemaObject[];
  } finally {
    connection?.close();
  }
}

const byName = (objects: readonly SchemaObject[]): Map<string, SchemaObject> =>
  new Map(objects.map((object) => [object.name, object]));

/**
 * @param version the schema version that the database says it has
 * @throws UserError that names the first object that Overread did not make, or made otherwise, or that
 *   is missing
 */
export function checkSchema(
  db: Database,
  folder: string,
  version: number,
  migrations: readonly Migration[],
): void {
  const refused = (what: string): UserError =>
    new UserError(
      `The database of the project ${folder} ${what}: ask whoever gave you the project, or put project.db back from a backup.`,
      { code: 'bad-file' },
    );
  const expected = expectedObjects(version, migrations);
  const found = db.all<SchemaObject>(EVERY_OBJECT);
  for (const { type, name, sql } of found) {
    const own = expected.get(name);
    const what = `the ${type.slice(0, 20)} “${name.slice(0, 100)}”`;
    if (own === undefined) throw refused(`holds ${what}, which Overread did not make`);
    if (own.type !== type || own.sql !== sql) {
      throw refused(`holds ${what}, which is not the one that Overread makes`);
    }
  }
  const names = byName(found);
  for (const { type, name } of expected.values()) {
    if (!names.has(name)) throw refused(`lacks the ${type} “${name}”`);
  }
}
