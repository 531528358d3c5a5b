/**
 * The structures of a project, and a person's changes of them. A structure that was removed stays in the
 * database with all its labels, hidden, and can be restored. A name that a structure ever had stays its own, so
 * that runs and the audit log, which know it by that name, still mean this structure.
 */
import { z } from 'zod';
import type { Structure } from '../contract/terms.ts';
import type { StructureChange, StructureRow } from '../contract/routes/structures.ts';
import { UserError } from '../errors.ts';
import type { Database } from './database.ts';

export interface StoredStructure extends Structure {
  readonly id: number;
  /** Whether a person removed it. */
  readonly hidden: boolean;
  /** Whether a person added it: the dataset does not have it. */
  readonly added: boolean;
  /** The names that it had before, the oldest first. */
  readonly former: readonly string[];
}

interface Row {
  id: number;
  name: string;
  colour: string;
  hidden: number;
  added: number;
  former: string;
}

/** The names in a JSON list; none if the text is damaged. `verify` finds that by the sum of the table. */
function namesIn(text: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    return [];
  }
}

/** All structures in order, also the removed ones. */
export function readStructures(db: Database): StoredStructure[] {
  return db.all<Row>('SELECT * FROM structures ORDER BY id').map((row) => ({
    id: row.id,
    name: row.name,
    colour: row.colour,
    hidden: row.hidden === 1,
    added: row.added === 1,
    former: namesIn(row.former),
  }));
}

/** The structure that has this name, or had it. */
export function structureNamed(
  structures: readonly StoredStructure[],
  name: string,
): StoredStructure | undefined {
  return (
    structures.find((one) => one.name === name) ??
    structures.find(({ former }) => former.includes(name))
  );
}

/** The structures with the number of their labels, for a person. */
export function countStructures(db: Database): StructureRow[] {
  const counts = new Map(
    db
      .all<{ id: number; labels: number; judged: number }>(
        `SELECT structure_id AS id, count(*) AS labels,
           sum(revision > 1 OR verdict IS NOT NULL OR (
             SELECT r.reason <> 'import' FROM revisions r WHERE r.case_id = l.case_id
               AND r.structure_id = l.structure_id AND r.number = 1)) AS judged
         FROM labels l WHERE state <> 'absent' GROUP BY structure_id`,
      )
      .map(({ id, ...count }) => [id, count]),
  );
  return readStructures(db).map(({ id, name, colour, hidden }) => ({
    name,
    colour,
    removed: hidden,
    labels: counts.get(id)?.labels ?? 0,
    worked: counts.get(id)?.judged ?? 0,
  }));
}

/** @throws UserError if another structure has or had this name */
function checkFree(all: readonly StoredStructure[], name: string, own?: StoredStructure): void {
  const fold = (text: string): string => text.toLowerCase();
  const other = all.find(
    (one) => one !== own && [one.name, ...one.former].some((had) => fold(had) === fold(name)),
  );
  if (other === undefined) return;
  throw new UserError(
    fold(other.name) !== fold(name)
      ? `“${name}” was the name of “${other.name}”: choose another name.`
      : other.hidden
        ? `“${other.name}” was removed: restore it, or choose another name.`
        : `There is a structure “${other.name}” already: choose another name.`,
  );
}

/**
 * Makes a change of the structures. Call it in a transaction.
 * @returns whether anything is different now
 * @throws UserError if the change cannot be made
 */
export function writeStructureChange(db: Database, change: StructureChange): boolean {
  const all = readStructures(db);
  if (change.change === 'add') {
    checkFree(all, change.name);
    db.run(
      'INSERT INTO structures (id, name, colour, added) VALUES (?, ?, ?, 1)',
      ...[(all.at(-1)?.id ?? 0) + 1, change.name, change.colour],
    );
    return true;
  }
  const own = all.find(({ name }) => name === change.name);
  if (own === undefined) {
    throw new UserError(`There is no structure “${change.name}”: load the list again.`);
  }
  if (change.change === 'rename') {
    if (change.to === own.name) return false;
    checkFree(all, change.to, own);
    const names = JSON.stringify([...new Set([...own.former, own.name])]);
    db.run('UPDATE structures SET name = ?, former = ? WHERE id = ?', change.to, names, own.id);
    return true;
  }
  if (change.change === 'recolour') {
    if (change.colour === own.colour) return false;
    db.run('UPDATE structures SET colour = ? WHERE id = ?', change.colour, own.id);
    return true;
  }
  const hidden = change.change === 'remove';
  if (hidden === own.hidden) return false;
  if (hidden && all.filter((one) => !one.hidden).length === 1) {
    throw new UserError(
      `“${own.name}” is the only structure: add another one before you remove it.`,
    );
  }
  db.run('UPDATE structures SET hidden = ? WHERE id = ?', hidden ? 1 : 0, own.id);
  return true;
}
