/**
 * Gives back what can be given back of a damaged project. The copy of the audit log (`logcopy.ts`) holds every
 * change of a person, and the label store every mask: changes that project.db lacks are made again from them.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Verdict } from '../contract/terms.ts';
import { StructureChange } from '../contract/routes/structures.ts';
import { UserError } from '../errors.ts';
import { appendAudit, insertAuditRow, lastSequence } from './audit-log.ts';
import { writeComment } from './comments.ts';
import { Database } from './database.ts';
import { OWN_FOLDER, syncFolderNow } from './files.ts';
import type { LabelRowKey } from './label.ts';
import { WriterLock } from './lock.ts';
import { logCopyFile, readLogCopy } from './logcopy.ts';
import { MaskFiles } from './maskfiles.ts';
import { writeMeta } from './meta.ts';
import { migrate } from './migrate.ts';
import { explainProblem } from './problems.ts';
import { insertRevision } from './revisions.ts';
import { salvage } from './salvage.ts';
import { writeStructureChange } from './structures.ts';
import { forgetSums } from './sums.ts';
import type { AuditEntry } from './types.ts';

export interface Repaired {
  /** Rows of a damaged database that could be read; null if the database was whole. */
  readonly salvaged: number | null;
  /** Changes that the database lacked and has again. */
  readonly givenBack: number;
  /** Changes that could not be made again, and why the first of them could not. */
  readonly lost: number;
  readonly because: string | null;
  /** The folder that keeps the files as they were; null if nothing was missing. */
  readonly kept: string | null;
}

/**
 * Repairs a project. The files of the database are copied first, so that nothing is lost by it.
 * @param options.author the author of the row in the audit log that tells of the repair
 * @throws UserError if another process writes the project, or its database cannot be read at all
 */
export async function repairProject(
  folder: string,
  options: { readonly author: string },
): Promise<Repaired> {
  const place = path.resolve(folder);
  const file = path.join(place, 'project.db');
  if (!existsSync(file)) {
    throw new UserError(`${place} has no project.db: put one back from a backup, then repair it.`, {
      code: 'not-found',
    });
  }
  const lock = WriterLock.acquire(place, 'overread repair');
  try {
    const kept = keepFiles(place);
    const salvaged = salvage(place);
    const db = Database.open(file);
    try {
      migrate(db, place);
      const { given, lost, because } = await giveBack(db, place);
      if (given === 0 && lost === 0 && salvaged === null) {
        rmSync(kept, { recursive: true });
        return { salvaged, givenBack: 0, lost, because, kept: null };
      }
      const detail = { givenBack: given, lost, salvaged };
      db.transaction(() => {
        appendAudit(db, options.author, 'repair', detail);
        forgetSums(db);
      });
      // The next opening for writing makes the copy of the log anew.
      rmSync(logCopyFile(place), { force: true });
      return { salvaged, givenBack: given, lost, because, kept };
    } finally {
      db.close();
    }
  } catch (error) {
    throw explainProblem(error, place);
  } finally {
    lock.release();
  }
}

/** Copies the database's files into a new folder of the project. */
function keepFiles(place: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  let folder = path.join(place, `before-repair-${time}`);
  for (let n = 2; existsSync(folder); n++) {
    folder = path.join(place, `before-repair-${time}-${n}`);
  }
  mkdirSync(folder, { mode: OWN_FOLDER });
  for (const end of ['', '-wal', '-journal']) {
    const file = path.join(place, `project.db${end}`);
    if (existsSync(file)) copyFileSync(file, path.join(folder, path.basename(file)));
  }
  const copy = logCopyFile(place);
  if (existsSync(copy)) copyFileSync(copy, path.join(folder, path.basename(copy)));
  syncFolderNow(folder);
  return folder;
}

/** Makes the changes again that the copy of the log has and the database lacks. */
async function giveBack(
  db: Database,
  place: string,
): Promise<{ given: number; lost: number; because: string | null }> {
  const missing: AuditEntry[] = [];
  if (existsSync(logCopyFile(place))) {
    const hashes = new Map(
      db
        .all<{ sequence: number; hash: string }>('SELECT sequence, hash FROM audit')
        .map(({ sequence, hash }) => [sequence, hash]),
    );
    for await (const row of readLogCopy(place)) {
      if (row !== null && hashes.get(row.sequence) !== row.hash) missing.push(row);
    }
  }
  const masks = new MaskFiles(path.join(place, 'labels'));
  let given = 0;
  for (const row of missing) {
    try {
      await redo(db, masks, row);
    } catch (error) {
      const because = error instanceof UserError ? error.message : 'its row makes no sense.';
      return { given, lost: missing.length - given, because };
    }
    given += 1;
  }
  return { given, lost: 0, because: null };
}

const Named = z.object({ case: z.string(), structure: z.string() });
const GivenVerdict = z.object({
  case: z.string(),
  verdict: Verdict.nullable(),
  labels: z.array(z.object({ structure: z.string() })),
  comment: z.string().optional(),
  commented: z.array(z.string()).default([]),
});
const Revised = Named.extend({
  number: z.number().int().positive(),
  mask: z.string().nullable(),
  area: z.number().int().nonnegative(),
  reason: z.string(),
});
const EndedRun = z.object({ run: z.string(), status: z.string(), error: z.string().optional() });
const Commented = Named.extend({ text: z.string() });

/** Makes one change again, with its row of the log as it was. @throws UserError if that cannot be done */
async function redo(db: Database, masks: MaskFiles, row: AuditEntry): Promise<void> {
  if (row.sequence !== lastSequence(db) + 1) {
    throw new UserError(`Change ${row.sequence} does not follow the newest one of the database.`);
  }
  if (row.action === 'revision') {
    const { mask } = Revised.parse(row.detail);
    // Throws if the mask file is missing or damaged.
    if (mask !== null) await masks.read(mask);
  }
  db.transaction(() => {
    apply(db, row);
    insertAuditRow(db, row);
  });
}

function apply(db: Database, row: AuditEntry): void {
  const { action, author, at } = row;
  if (action === 'verdict') {
    const given = GivenVerdict.parse(row.detail);
    for (const { structure } of given.labels) {
      const { caseId, structureId } = labelOf(db, given.case, structure);
      db.run(
        'UPDATE labels SET verdict = ? WHERE case_id = ? AND structure_id = ?',
        ...[given.verdict, caseId, structureId],
      );
    }
    for (const structure of given.commented) {
      writeComment(db, labelOf(db, given.case, structure), author, given.comment ?? '', at);
    }
  } else if (action === 'revision') {
    const { case: id, structure, number, ...revision } = Revised.parse(row.detail);
    const label = labelOf(db, id, structure);
    insertRevision(db, label, number, at, { ...revision, author, sourceFile: null });
    // A revision holds all strokes that were drawn before it.
    db.run(
      'DELETE FROM strokes WHERE case_id = ? AND structure_id = ?',
      ...[label.caseId, label.structureId],
    );
  } else if (action === 'comment') {
    const { case: id, structure, text } = Commented.parse(row.detail);
    writeComment(db, labelOf(db, id, structure), author, text, at);
  } else if (action === 'structure') {
    writeStructureChange(db, StructureChange.parse(row.detail));
  } else if (action === 'relink') {
    writeMeta(db, 'root', z.object({ to: z.string() }).parse(row.detail).to);
  } else if (action === 'choose run') {
    const { run } = z.object({ run: z.string().nullable() }).parse(row.detail);
    writeMeta(db, 'chosen_run', JSON.stringify(run === null ? null : { run, at }));
  } else if (action === 'run') {
    const { run, status, error } = EndedRun.parse(row.detail);
    db.run(
      'UPDATE runs SET status = ?, ended_at = ?, error = ? WHERE id = ?',
      ...[status, at, error ?? null, run],
    );
  } else if (action === 'import') {
    throw new UserError('Cases were imported since: import the dataset again.');
  }
}

function labelOf(db: Database, id: string, structure: string): LabelRowKey {
  const row = db.get<LabelRowKey>(
    `SELECT c.id AS caseId, t.id AS structureId FROM cases c, structures t
     WHERE c.name = ? AND t.name = ?`,
    id,
    structure,
  );
  if (!row) throw new UserError(`The database has no label "${structure}" of case "${id}".`);
  return row;
}
