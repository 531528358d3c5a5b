/** Rows of imported cases, and the audit row that sums up an import. */
import { createHash } from 'node:crypto';
import type { ImportNotice } from '../contract/terms.ts';
import { appendAudit } from './audit-log.ts';
import type { Database } from './database.ts';
import { storedName } from './datasetroot.ts';
import type { SavedMask } from './maskfiles.ts';
import { readMeta, writeMeta } from './meta.ts';
import { insertRevision } from './revisions.ts';
import type { NewCase } from './types.ts';

/**
 * Inserts one case and its first revisions.
 * @param masks the stored masks, in the order of `item.labels`
 */
export function insertCase(
  db: Database,
  item: NewCase,
  masks: readonly SavedMask[],
  context: { root: string; author: string; at: string; structureId: (name: string) => number },
): void {
  const { image } = item;
  const { lastInsertRowid: caseId } = db.run(
    `INSERT INTO cases (name, image_file, image_hash, width, height, bits, spacing_x, spacing_y,
       split, annotator, patient, study) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    item.id,
    storedName(item.imageFile, context.root),
    item.imageHash,
    image.width,
    image.height,
    image.bits,
    image.spacing?.[0] ?? null,
    image.spacing?.[1] ?? null,
    item.split,
    item.annotator,
    item.patient ?? null,
    item.study ?? null,
  );
  item.labels.forEach((label, index) => {
    const { hash, area } = masks[index];
    const row = { caseId, structureId: context.structureId(label.structure) };
    insertRevision(db, row, 1, context.at, {
      mask: hash,
      area,
      author: context.author,
      reason: 'import',
      sourceFile: storedName(label.sourceFile, context.root),
    });
  });
}

/** The detail of an import's audit row; `first` and `last` are ids in `cases`. */
export interface ImportRange {
  readonly first: number;
  readonly last: number;
  readonly cases: number;
  readonly labels: number;
  /** SHA-256 over the imported rows, so that `verify` finds later changes. */
  readonly digest: string;
}

/**
 * Sums up the cases from id `first` to `last` as they were imported. The digest leaves out patient
 * and study: older projects have digests without them, and from the digest of a single row somebody
 * could find the patient by trying names.
 */
export function summariseImport(db: Database, first: number, last: number): ImportRange {
  const digest = createHash('sha256');
  let cases = 0;
  let labels = 0;
  let previous = 0;
  for (const row of db.iterate<{ id: number; mask: string | null }>(
    `SELECT c.id, c.name, c.image_file, c.image_hash, c.width, c.height, c.bits, c.spacing_x,
       c.spacing_y, c.split, c.annotator, r.structure_id, r.mask, r.area, r.source_file
     FROM cases c LEFT JOIN revisions r
       ON r.case_id = c.id AND r.number = 1 AND r.reason = 'import'
     WHERE c.id BETWEEN ? AND ? ORDER BY c.id, r.structure_id`,
    first,
    last,
  )) {
    if (row.id !== previous) cases++;
    if (row.mask !== null) labels++;
    previous = row.id;
    // Object.values keeps the order of the query's columns.
    digest.update(`${JSON.stringify(Object.values(row))}\n`);
  }
  return { first, last, cases, labels, digest: digest.digest('hex') };
}

/**
 * Appends an audit row for the cases added since the last import row. If an import was killed, the row
 * is added when the project is next opened for writing.
 */
export function auditImport(db: Database, author: string): void {
  db.transaction(() => {
    const last = db.get<{ last: number | null }>('SELECT max(id) AS last FROM cases')?.last ?? 0;
    const done = Number(readMeta(db, 'audited_case') ?? 0);
    if (last <= done) return;
    appendAudit(db, author, 'import', summariseImport(db, done + 1, last));
    writeMeta(db, 'audited_case', String(last));
  });
}

/** Stores notices about files that an import left out or changed, equal notices once. */
export function writeNotices(db: Database, notices: readonly ImportNotice[]): void {
  for (const { kind, file, reason } of notices) {
    db.run(
      'INSERT OR IGNORE INTO import_notices (kind, file, reason) VALUES (?, ?, ?)',
      kind,
      file,
      reason,
    );
  }
}

export function readNotices(db: Database): ImportNotice[] {
  return db.all('SELECT kind, file, reason FROM import_notices ORDER BY id');
}
