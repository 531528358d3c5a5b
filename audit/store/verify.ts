/** Verifies a project: the database, the audit chain, every mask file and the images. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { counted, plural } from '../contract/words.ts';
import { countRows, imagePages } from './cases.ts';
import { parallel, sha256Of } from './files.ts';
import type { Database } from './database.ts';
import { missingIn, readLogEnd } from './logcopy.ts';
import type { LogEnd } from './logcopy.ts';
import { SHARDS } from './maskfiles.ts';
import type { MaskFiles } from './maskfiles.ts';
import type { Finding, ProjectReader } from './types.ts';
import { checkHistory } from './history.ts';
import { countMasks } from './revisions.ts';
import { checkRows } from './rows.ts';
import { checkStrokes } from './strokecheck.ts';
import { changedTables } from './sums.ts';
import { strangeValues } from './valuecheck.ts';

/** The parts of an open project that are verified. */
export interface Verified {
  readonly db: Database;
  readonly masks: MaskFiles;
  readonly folder: string;
  /** Makes a stored file name absolute. @throws UserError if the project may not name the file */
  readonly place: (file: string) => string;
}

type Options = NonNullable<Parameters<ProjectReader['verify']>[0]>;
const inFlight = 8;

/** All findings, errors first. Holds only a few masks or images in memory. */
export async function verifyProject(project: Verified, options: Options): Promise<Finding[]> {
  const { db } = project;
  const findings: Finding[] = [];
  const integrity = checkIntegrity(db, project.folder);
  findings.push(...integrity);
  if (integrity.length > 0) return findings;
  const strange = strangeValues(db, project.folder);
  for (const message of strange) findings.push({ severity: 'error', message });
  try {
    findings.push(...(await checkContent(project, options)));
  } catch (error) {
    options.signal?.throwIfAborted();
    // A value that Overread does not write may end a check that relies on it.
    if (strange.length === 0) throw error;
  }
  return findings.sort((a, b) => a.severity.localeCompare(b.severity));
}

/** The checks of rows, the audit log, strokes, masks and images. */
async function checkContent(project: Verified, options: Options): Promise<Finding[]> {
  const { db } = project;
  // Read before the database, which another process may be writing.
  const end = readLogEnd(project.folder);
  const findings = db.snapshot(() => [
    ...checkRows(project),
    ...checkHistory(db),
    ...checkSums(project),
  ]);
  findings.push(...checkLogCopy(project, end));
  findings.push(...(await checkStrokes(project)));

  const total = countMasks(db) + (options.images ? countRows(db).cases : 0);
  let done = 0;
  const step = (): void => {
    options.signal?.throwIfAborted();
    options.onProgress?.(++done, Math.max(done, total));
  };
  findings.push(...(await checkMasks(project, step)));
  if (options.images) findings.push(...(await checkImages(project, step)));
  return findings;
}

function checkSums({ db, folder }: Verified): Finding[] {
  return changedTables(db).map((table) => ({
    severity: 'error',
    message: `The table “${table}” of the project ${folder} is not what Overread wrote: its database is damaged, or was changed outside Overread; put project.db back from a backup, then give back later changes with "overread repair".`,
  }));
}

function checkLogCopy({ db, folder }: Verified, end: LogEnd | null): Finding[] {
  const missing = end && missingIn(db, end);
  if (missing === null) return [];
  const message = `The database of the project ${folder} ${missing}: "overread repair" gives back what it can.`;
  return [{ severity: 'error', message }];
}

function checkIntegrity(db: Database, folder: string): Finding[] {
  const what = `The database of the project ${folder}`;
  const advice = 'put project.db back from a backup.';
  try {
    const damage = db
      .all<{ integrity_check: string }>('PRAGMA integrity_check')
      .map((row) => row.integrity_check)
      .filter((text) => text !== 'ok');
    if (damage.length > 0) {
      return [{ severity: 'error', message: `${what} is damaged (${damage[0]}): ${advice}` }];
    }
    const broken = db.all<{ table: string }>('PRAGMA foreign_key_check');
    if (broken.length === 0) return [];
    const rows = counted(broken.length, 'row');
    const where = [...new Set(broken.map((row) => row.table))].join(', ');
    return [
      {
        severity: 'error',
        message: `${what} has ${rows} in ${where} that ${plural(broken.length, 'refers', 'refer')} to missing rows: ${advice}`,
      },
    ];
  } catch (error) {
    return [{ severity: 'error', message: (error as Error).message }];
  }
}

/** How far a file's time may lag behind the clock, in ms: a tick on Linux, two seconds on FAT. */
const FILE_TIME_LAG = 2000;

/**
 * Whether a mask file without a row is newer than the newest audit row. Such a file is being written
 * now, or a crash came before its row was written. Such a file is no fault: when the same mask is stored
 * again, the file is used.
 */
function isPending(file: string, newestAudit: number): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.mtimeMs + FILE_TIME_LAG > newestAudit;
}

/** Compares mask files with rows, one two-letter folder at a time. */
async function checkMasks(project: Verified, step: () => void): Promise<Finding[]> {
  const { db, masks } = project;
  const findings: Finding[] = [];
  const last = db.get<{ at: string }>('SELECT at FROM audit ORDER BY sequence DESC LIMIT 1');
  const newestAudit = Date.parse(last?.at ?? '');
  for (const prefix of SHARDS) {
    // Files are listed before rows are read, so that a file written in between is not reported.
    const { hashes, strangers } = await masks.list(prefix);
    const rows = db.all<{ mask: string; areas: string; name: string; structure: string }>(
      `SELECT r.mask, group_concat(DISTINCT r.area || '/' || c.width || '/' || c.height) AS areas,
         c.name, t.name AS structure
       FROM revisions r JOIN cases c ON c.id = r.case_id JOIN structures t ON t.id = r.structure_id
       WHERE r.mask >= ? AND r.mask < ? GROUP BY r.mask`,
      prefix,
      `${prefix}g`,
    );
    await parallel(rows, inFlight, async (row) => {
      step();
      try {
        const { area, width, height } = await masks.read(row.mask);
        if (row.areas === `${area}/${width}/${height}`) return;
        findings.push({
          severity: 'error',
          message:
            `The recorded size of label "${row.structure}" of case "${row.name}" does not match ` +
            'its file: put project.db back from a backup.',
        });
      } catch (error) {
        const message = `${(error as Error).message} It is label "${row.structure}" of case "${row.name}".`;
        findings.push({ severity: 'error', message });
      }
    });
    const referenced = new Set(rows.map((row) => row.mask));
    const orphans = hashes.filter((hash) => !referenced.has(hash)).map((hash) => `${hash}.mask`);
    for (const name of [...orphans, ...strangers]) {
      const file = path.join(masks.folder, prefix, name);
      if (orphans.includes(name) && isPending(file, newestAudit)) continue;
      findings.push({
        severity: 'warning',
        message: `Nothing refers to ${file}: an interrupted import left it; it may be deleted.`,
      });
    }
  }
  return findings;
}

async function checkImages(project: Verified, step: () => void): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const rows of imagePages(project.db)) {
    await parallel(rows, inFlight, async (row) => {
      step();
      let file: string;
      try {
        file = project.place(row.file);
      } catch (error) {
        findings.push({ severity: 'error', message: (error as Error).message });
        return;
      }
      const hash = await sha256Of(file);
      if (hash === row.hash) return;
      findings.push({
        severity: 'error',
        message:
          hash === null
            ? `The image ${file} of case "${row.name}" is missing or unreadable: put it back, or ` +
              'say where the dataset lies now with "overread relink".'
            : `The image ${file} of case "${row.name}" is not the one that was imported: put the ` +
              'original back.',
      });
    });
  }
  return findings;
}
