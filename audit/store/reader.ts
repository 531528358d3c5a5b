/** A project opened for reading. */
import path from 'node:path';
import type { CaseColumn, CaseSummary, Structure } from '../contract/terms.ts';
import type { ImportNotice } from '../datasets/types.ts';
import { UserError } from '../errors.ts';
import type { Mask } from '../imaging/types.ts';
import { readAudit } from './audit-log.ts';
import { findCase, listCases, listNamed, listRevisions } from './cases.ts';
import { readCalibration } from './calibrations.ts';
import { readColumnTable } from './columntable.ts';
import type { Database } from './database.ts';
import { readChangedLabels, readLabelTable } from './labeltable.ts';
import { isSessionAlive } from './lock.ts';
import { MaskFiles } from './maskfiles.ts';
import { unpackMask } from './masks.ts';
import { findRun, listRuns, newestDone } from './runs.ts';
import { readChangedAndScored, readScores, readScoresState, scoredModelNames } from './scores.ts';
import { applyStrokes } from './strokes.ts';
import type {
  AuditRow,
  CaseQuery,
  ColumnTable,
  Finding,
  LabelScore,
  LabelTable,
  ProjectOrigin,
  ProjectReader,
  Revision,
  Run,
  StoredStroke,
  StrokeReader,
} from './types.ts';
import { verifyProject } from './verify.ts';

/** Where a label's rows are. */
export interface LabelKey {
  readonly caseId: number;
  readonly case: string;
  readonly structureId: number;
  readonly structure: string;
  /** Of the case's image, and so of its masks. */
  readonly width: number;
  readonly height: number;
}

export class StoreReader implements ProjectReader, StrokeReader {
  readonly folder: string;
  readonly name: string;
  readonly structures: readonly Structure[];
  protected readonly db: Database;
  protected readonly masks: MaskFiles;

  constructor(folder: string, db: Database) {
    this.folder = folder;
    this.db = db;
    this.masks = new MaskFiles(path.join(folder, 'labels'));
    this.name = this.meta('name');
    this.structures = db.all<Structure>('SELECT name, colour FROM structures ORDER BY id');
  }

  get origin(): ProjectOrigin {
    const origin = JSON.parse(this.meta('origin')) as ProjectOrigin;
    return { ...origin, root: this.root };
  }

  get counts(): { cases: number; labels: number } {
    return this.db.get<{ cases: number; labels: number }>(
      `SELECT (SELECT count(*) FROM cases) AS cases,
              (SELECT count(*) FROM labels WHERE state <> 'absent') AS labels`,
    ) as { cases: number; labels: number };
  }

  cases(query?: CaseQuery): CaseSummary[] {
    return listCases(this.db, this.structures, query);
  }

  caseIds(): string[] {
    return this.db
      .all<{ name: string }>('SELECT name FROM cases ORDER BY id')
      .map((row) => row.name);
  }

  case(id: string): CaseSummary | null {
    return findCase(this.db, this.structures, id);
  }

  casesOf(ids: readonly string[]): CaseSummary[] {
    return listNamed(this.db, this.structures, ids);
  }

  columnTable(column: CaseColumn | 'study'): ColumnTable {
    return readColumnTable(this.db, column);
  }

  labelTable(): LabelTable {
    return readLabelTable(this.db, this.structures.length);
  }

  changedLabels(): { case: string; structure: string }[] {
    return readChangedLabels(this.db);
  }

  imageFile(id: string): string {
    const row = this.db.get<{ file: string }>(
      'SELECT image_file AS file FROM cases WHERE name = ?',
      id,
    );
    if (!row) throw this.noCase(id);
    return this.place(row.file);
  }

  async mask(id: string, structure: string, revision?: number): Promise<Mask | null> {
    const label = this.label(id, structure);
    const hash = this.maskHash(label, revision);
    return hash === null ? null : unpackMask(await this.masks.read(hash));
  }

  revisions(id: string, structure: string): Revision[] {
    return listRevisions(this.db, this.label(id, structure), (file) => this.place(file));
  }

  importNotices(): ImportNotice[] {
    return this.db
      .all<ImportNotice>('SELECT kind, file, reason FROM import_notices ORDER BY id')
      .map((row) => ({ ...row }));
  }

  runs(): Run[] {
    return listRuns(this.db, (session) => this.isAlive(session));
  }

  run(id: string): Run | null {
    return findRun(this.db, id, (session) => this.isAlive(session));
  }

  lastRun(): Run | null {
    return newestDone(this.db);
  }

  runFolder(id: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id))
      throw new UserError(`"${id}" is not a run's name.`);
    return path.join(this.folder, 'runs', id);
  }

  scores(model: string, id?: string): LabelScore[] {
    return readScores(this.db, model, id);
  }

  changedAndScored(model: string): { case: string; structure: string; mask: string }[] {
    return readChangedAndScored(this.db, model);
  }

  get scoresState(): string {
    return readScoresState(this.db);
  }

  scoredModelNames(): string[] {
    return scoredModelNames(this.db);
  }

  calibration(model: string): unknown {
    return readCalibration(this.db, model);
  }

  scoredModels(): { model: string; at: string; labels: number }[] {
    return this.db
      .all<{ model: string; at: string; labels: number }>(
        'SELECT model, max(at) AS at, count(*) AS labels FROM scores GROUP BY model ORDER BY at, model',
      )
      .map((row) => ({ ...row }));
  }

  get lastAudit(): number {
    const row = this.db.get<{ last: number | null }>('SELECT max(sequence) AS last FROM audit');
    return row?.last ?? 0;
  }

  auditLog(query?: { after?: number; limit?: number }): AuditRow[] {
    return readAudit(this.db, query);
  }

  verify(options: Parameters<ProjectReader['verify']>[0] = {}): Promise<Finding[]> {
    const { db, masks, folder } = this;
    return verifyProject({ db, masks, folder, place: (file) => this.place(file) }, options);
  }

  strokes(id: string, structure: string): StoredStroke[] {
    return this.pendingStrokes(this.label(id, structure));
  }

  async drawn(id: string, structure: string): Promise<Mask | null> {
    const label = this.label(id, structure);
    const { hash, strokes } = this.db.snapshot(() => ({
      hash: this.maskHash(label),
      strokes: this.pendingStrokes(label),
    }));
    const base = hash === null ? null : unpackMask(await this.masks.read(hash));
    if (strokes.length === 0) return base;
    return applyStrokes(base ?? blank(label), strokes);
  }

  copyDatabase(file: string): void {
    this.db.copyTo(file);
  }

  close(): void {
    this.db.close();
  }

  protected isAlive(session: string): boolean {
    return isSessionAlive(this.folder, session);
  }

  protected meta(key: string): string {
    const row = this.db.get<{ value: string }>('SELECT value FROM meta WHERE key = ?', key);
    if (!row) throw new UserError(`${this.folder} is not a whole project: its name is missing.`);
    return row.value;
  }

  /** Where the dataset lies; relative in the database where that is in the project itself. */
  protected get root(): string {
    return path.resolve(this.folder, this.meta('root'));
  }

  /** A stored file name as an absolute one, under the dataset's root of today. */
  protected place(file: string): string {
    return path.resolve(this.root, file);
  }

  protected noCase(id: string): UserError {
    return new UserError(`There is no case "${id}" in the project ${this.folder}.`, {
      code: 'not-found',
    });
  }

  protected structureId(structure: string): number {
    const index = this.structures.findIndex((item) => item.name === structure);
    if (index >= 0) return index + 1;
    const names = this.structures.map((item) => item.name).join(', ');
    throw new UserError(
      `There is no structure "${structure}" in the project ${this.folder}: it has ${names}.`,
    );
  }

  protected label(id: string, structure: string): LabelKey {
    const structureId = this.structureId(structure);
    const row = this.db.get<{ id: number; width: number; height: number }>(
      'SELECT id, width, height FROM cases WHERE name = ?',
      id,
    );
    if (!row) throw this.noCase(id);
    const { width, height } = row;
    return { caseId: row.id, case: id, structureId, structure, width, height };
  }

  /** Of the newest revision, or of `revision`; null when absent. */
  protected maskHash(label: LabelKey, revision?: number): string | null {
    const row = this.db.get<{ mask: string | null }>(
      `SELECT mask FROM revisions WHERE case_id = ? AND structure_id = ?
         AND (number = ? OR ? IS NULL) ORDER BY number DESC LIMIT 1`,
      label.caseId,
      label.structureId,
      revision ?? null,
      revision ?? null,
    );
    if (!row && revision !== undefined) {
      throw new UserError(
        `The label "${label.structure}" of case "${label.case}" has no revision ${revision}.`,
      );
    }
    return row?.mask ?? null;
  }

  protected pendingStrokes(label: LabelKey): StoredStroke[] {
    return this.db.all<StoredStroke>(
      `SELECT id, base_revision AS baseRevision, x, y, width, height, before, after, at, author
       FROM strokes WHERE case_id = ? AND structure_id = ? ORDER BY id`,
      label.caseId,
      label.structureId,
    );
  }
}

/** A mask with nothing drawn, of the case's size. */
export function blank(size: { width: number; height: number }): Mask {
  const { width, height } = size;
  return { width, height, data: new Uint8Array(width * height) };
}
