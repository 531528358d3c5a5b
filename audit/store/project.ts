/** Makes and opens projects on disk: folders `<name>.overread/`. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { readdirSync, renameSync, rmSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Structure } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import { accountName } from './account.ts';
import { appendAudit, firstRowHash } from './audit-log.ts';
import { Database } from './database.ts';
import { OWN_FOLDER, isInside, makeOwnFile, syncFolderNow } from './files.ts';
import { isOnNetwork } from './filesystem.ts';
import { auditImport } from './imports.ts';
import { sweepParts } from './leftovers.ts';
import { WriterLock, isLocked } from './lock.ts';
import { LogCopy, logCopyFile } from './logcopy.ts';
import { MaskFiles } from './maskfiles.ts';
import { writeMeta } from './meta.ts';
import { bringUp, checkVersion, createSchema, migrate, newestVersion } from './migrate.ts';
import { explainProblem } from './problems.ts';
import { Reach, notWritten } from './reach.ts';
import { StoreReader } from './reader.ts';
import { SUMS_SINCE, migrations as released } from './schema.ts';
import { keepSums } from './sums.ts';
import { checkTrustIsKept, isTrustedPlace, writeTrust } from './trust.ts';
import { strangeValues } from './valuecheck.ts';
import { StoreWriter } from './writer.ts';
import type { ProjectOrigin } from './types.ts';

/** Names of files and folders that a killed creation may leave; the next creation overwrites them. */
const unfinished =
  /^(lock\.(db(-journal)?|json(\.tmp)?)|project\.db\.new(-journal)?|labels|runs|cache)$/;

/**
 * Makes a project in `folder` and opens it for writing. The folder must be new, empty or left by a
 * creation that was killed. On failure, everything made is removed.
 * @throws UserError
 */
export async function createProject(
  folder: string,
  details: { name: string; structures: readonly Structure[]; origin: ProjectOrigin },
  purpose = 'overread create',
): Promise<StoreWriter> {
  const place = path.resolve(folder);
  const root = path.resolve(details.origin.root);
  if (isInside(root, place)) {
    throw new UserError(
      `The dataset ${root} lies inside the project folder ${place}: make the project elsewhere.`,
    );
  }
  if (details.structures.length === 0) {
    throw new UserError(`A project needs at least one structure: name a folder of masks.`);
  }
  const twice = details.structures.find(
    ({ name }, index) => details.structures.findIndex((item) => item.name === name) < index,
  );
  if (twice) {
    throw new UserError(`The structure "${twice.name}" is given twice: name each one once.`);
  }
  const names = listFolder(place);
  if (names?.includes('project.db')) {
    throw new UserError(`${place} is a project already: open it, or give another name.`);
  }
  if (names?.some((name) => !unfinished.test(name))) {
    throw new UserError(`${place} is not empty: give the name of a new folder.`);
  }
  // The person makes the project, and their word on it is kept outside of it.
  checkTrustIsKept();
  let lock: WriterLock | null = null;
  try {
    // Not `recursive` if only the last folder is missing: where the parent allows no new folder (as
    // /proc does), a recursive mkdir never returns.
    mkdirSync(place, {
      recursive: !existsSync(path.dirname(place)) || existsSync(place),
      mode: OWN_FOLDER,
    });
    lock = WriterLock.acquire(place, purpose);
    for (const name of ['labels', 'runs', 'cache']) {
      mkdirSync(path.join(place, name), { recursive: true });
    }
    writeDatabase(place, details, root);
    return await openLocked(place, lock);
  } catch (error) {
    if (lock) {
      lock.release();
      removeUnfinished(place, names === null);
    }
    throw explainProblem(error, place);
  }
}

/** Builds the database under another name, so that `project.db` is complete once it exists. */
function writeDatabase(
  folder: string,
  details: { name: string; structures: readonly Structure[]; origin: ProjectOrigin },
  root: string,
): void {
  const file = path.join(folder, 'project.db');
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  rmSync(`${temporary}-journal`, { force: true });
  makeOwnFile(temporary);
  const db = Database.open(temporary);
  let project: string;
  try {
    createSchema(db);
    db.transaction(() => {
      const { name, structures, origin } = details;
      writeMeta(db, 'name', name);
      writeMeta(db, 'root', root);
      writeMeta(db, 'origin', JSON.stringify({ ...origin, root }));
      writeMeta(db, 'created', new Date().toISOString());
      structures.forEach((structure, index) => {
        const { name: label, colour } = structure;
        db.run(
          'INSERT INTO structures (id, name, colour) VALUES (?, ?, ?)',
          ...[index + 1, label, colour],
        );
      });
      const detail = { name, structures: [...structures], format: origin.format, root };
      appendAudit(db, accountName(), 'create', detail);
    });
    project = firstRowHash(db);
  } finally {
    db.close();
  }
  const descriptor = openSync(temporary, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  // The person makes the project. If the creation is killed after the next line, the project is theirs all the same.
  writeTrust(folder, { project, root: null });
  renameSync(temporary, file);
  syncFolderNow(folder);
  syncFolderNow(path.dirname(folder));
}

function removeUnfinished(folder: string, wasNew: boolean): void {
  try {
    if (wasNew) return rmSync(folder, { recursive: true, force: true });
    for (const name of readdirSync(folder)) {
      if (name === 'labels') rmSync(logCopyFile(folder), { force: true });
      if (name === 'labels' || name === 'runs' || name === 'cache')
        rmdirSync(path.join(folder, name));
      else if (unfinished.test(name)) rmSync(path.join(folder, name), { force: true });
    }
  } catch {
    // The caller reports the failure that came first.
  }
}

/**
 * Opens a project for reading, without a lock. An older project is migrated first; of a project from elsewhere a
 * copy is migrated, and in its folder nothing is written or made.
 * @throws UserError
 */
export async function openProject(folder: string, migrations = released): Promise<StoreReader> {
  const place = existingProject(folder);
  const file = path.join(place, 'project.db');
  const isOwn = isTrustedPlace(place);
  // A project from elsewhere that another process writes is one that people here share.
  let db = isOwn || isLocked(place) ? Database.openReadOnly(file) : Database.openUntouched(file);
  try {
    const version = checkVersion(db, place, migrations);
    if (version < newestVersion(migrations)) {
      db.close();
      if (!isOwn) {
        db = Database.openChanged(file, (copy) => bringUp(copy, version, migrations));
        return new StoreReader(place, db);
      }
      const purpose = 'bringing the project to this version';
      (await openProjectForWriting(place, { purpose }, migrations)).close();
      db = Database.openReadOnly(file);
    }
    const [strange] = isOwn ? [] : strangeValues(db, place);
    if (strange !== undefined) throw new UserError(strange, { code: 'bad-file' });
    return new StoreReader(place, db);
  } catch (error) {
    db.close();
    throw explainProblem(error, place);
  }
}

/**
 * Opens a project for writing. Only one process at a time can do so.
 * @param options.purpose shown to other processes as the holder of the lock: `overread train`
 * @param options.isOurs whether this process made the folder itself, so that it need not be trusted
 * @throws UserError, for example if another process holds the lock (the message names it), or if the project
 *   comes from elsewhere
 */
export async function openProjectForWriting(
  folder: string,
  options: { purpose: string; isOurs?: boolean },
  migrations = released,
): Promise<StoreWriter> {
  const place = existingProject(folder);
  const { isOurs = false } = options;
  if (!isOurs && !isTrustedPlace(place)) throw notWritten(place);
  const lock = WriterLock.acquire(place, options.purpose);
  try {
    return await openLocked(place, lock, migrations, isOurs);
  } catch (error) {
    lock.release();
    throw explainProblem(error, place);
  }
}

async function openLocked(
  place: string,
  lock: WriterLock,
  migrations = released,
  isOurs = true,
): Promise<StoreWriter> {
  const db = Database.open(path.join(place, 'project.db'));
  let log: LogCopy | null = null;
  try {
    checkVersion(db, place, migrations);
    // Another project may have taken the place of the one that was trusted.
    if (!isOurs) new Reach(place, firstRowHash(db)).assertMayWrite();
    setJournal(db, place);
    migrate(db, place, migrations);
    // Before anything is written: a database that lacks changes stays as it is.
    log = LogCopy.open(place, db);
    if (newestVersion(migrations) >= SUMS_SINCE) keepSums(db);
    auditImport(db, accountName());
    await new MaskFiles(path.join(place, 'labels')).sweep();
    sweepParts(place);
    return new StoreWriter(place, db, { lock, log, user: accountName() });
  } catch (error) {
    log?.close();
    db.close();
    throw error;
  }
}

/**
 * Uses WAL on a local disk, so that readers never wait, and a rollback journal on a network share,
 * where WAL's shared memory does not work. Every commit is synced.
 */
function setJournal(db: Database, folder: string): void {
  db.exec('PRAGMA synchronous = FULL;');
  const mode = (): string =>
    db.get<{ journal_mode: string }>('PRAGMA journal_mode')?.journal_mode ?? '';
  const wanted = isOnNetwork(folder) ? 'delete' : 'wal';
  if (mode() === wanted) return;
  try {
    db.exec(`PRAGMA journal_mode = ${wanted};`);
  } catch (error) {
    // Another process that reads the project prevents the change. On a local disk, the project then
    // keeps its rollback journal, which is slower but safe. On a share, WAL is not safe, so the
    // error is thrown.
    if (wanted === 'delete') throw error;
  }
}

function existingProject(folder: string): string {
  const place = path.resolve(folder);
  const names = listFolder(place);
  if (names === null) {
    throw new UserError(`There is no folder ${place}: give the folder of a project.`, {
      code: 'not-found',
    });
  }
  if (!names.includes('project.db')) {
    throw new UserError(
      `${place} is not an Overread project: it has no project.db; give the folder that ` +
        '"overread create" made.',
    );
  }
  return place;
}

/** Names in a folder, or null if there is no folder. */
function listFolder(folder: string): string[] | null {
  if (!existsSync(folder)) return null;
  if (!statSync(folder).isDirectory()) {
    throw new UserError(`${folder} is a file: give the folder of a project.`);
  }
  try {
    return readdirSync(folder);
  } catch {
    throw new UserError(`${folder} cannot be read: give yourself permission to read the folder.`);
  }
}
