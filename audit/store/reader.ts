/** A project opened for reading. */
import path from 'node:path';
import { grouped } from '../../models/groups.ts';
import type {
  ImportNotice,
  CaseColumn,
  CaseSummary,
  LabelKind,
  Structure,
} from '../contract/terms.ts';
import type { StructureRow } from '../contract/routes/structures.ts';
import { UserError } from '../errors.ts';
import { emptyMask } from '../imaging/polygon.ts';
import type { Mask } from '../imaging/types.ts';
import { firstRowHash, lastSequence, readAudit } from './audit-log.ts';
import { countRows, findCase, findImageFile, listCases, listNamed, listNames } from './cases.ts';
import { readCalibrationRow } from './calibrations.ts';
import { readColumnTable } from './columntable.ts';
import type { Database } from './database.ts';
import { checkHoldsImages } from './datasetroot.ts';
import { readNotices } from './imports.ts';
import type { StoredLabel } from './label.ts';
import { readChangedLabels, readLabelTable } from './labeltable.ts';
import { isSessionAlive } from './lock.ts';
import { MaskFiles } from './maskfiles.ts';
import { maskOfBits } from './masks.ts';
import { readMeta } from './meta.ts';
import { listRevisions, readMaskHash } from './revisions.ts';
import { findRun, listRuns, newestDone, readChosenRun } from './runs.ts';
import {
  readChangedAndScored,
  readLabelsOfKind,
  readScoredModels,
  readScores,
  readScoresState,
  scoredModelNames,
} from './scores.ts';
import { Reach } from './reach.ts';
import { readStrokes } from './strokerows.ts';
import { countStructures, readStructures, structureNamed } from './structures.ts';
import type { StoredStructure } from './structures.ts';
import { applyStrokes } from './strokes.ts';
import type {
  AuditEntry,
  CaseQuery,
  ChosenRun,
  ColumnTable,
  Finding,
  LabelScore,
  LabelTable,
  ProjectOrigin,
  ProjectReader,
  LabelRevision,
  Run,
  StoredStroke,
  StrokeReader,
} from './types.ts';
import { writeTrust } from './trust.ts';
import { verifyProject } from './verify.ts';

export class StoreReader implements ProjectReader, StrokeReader {
  readonly folder: string;
  readonly name: string;
  protected readonly db: Database;
  protected readonly masks: MaskFiles;
  readonly #reach: Reach;
  #known: readonly StoredStructure[] = [];
  #shown: readonly StoredStructure[] = [];
  #plain: readonly Structure[] = [];
  /** See `Reach.namedRoot`; undefined until it is read. */
  #namedRoot: string | null | undefined;

  constructor(folder: string, db: Database) {
    this.folder = folder;
    this.db = db;
    this.masks = new MaskFiles(path.join(folder, 'labels'));
    this.#reach = new Reach(folder, firstRowHash(db));
    this.name = this.meta('name');
    this.reloadStructures();
  }

  get structures(): readonly Structure[] {
    return this.#plain;
  }

  get allStructures(): readonly StoredStructure[] {
    return this.#known;
  }

  structureCounts(): StructureRow[] {
    return countStructures(this.db);
  }

  nameNow(name: string): string | null {
    const found = structureNamed(this.#known, name);
    return found === undefined || found.hidden ? null : found.name;
  }

  get origin(): ProjectOrigin {
    const origin = JSON.parse(this.meta('origin')) as ProjectOrigin;
    return { ...origin, root: this.root };
  }

  get counts(): { cases: number; labels: number } {
    return this.db.snapshot(() => countRows(this.db));
  }

  cases(query?: CaseQuery): CaseSummary[] {
    return listCases(this.db, this.#shown, query);
  }

  caseIds(): string[] {
    return listNames(this.db);
  }

  case(id: string): CaseSummary | null {
    return findCase(this.db, this.#shown, id);
  }

  casesOf(ids: readonly string[]): CaseSummary[] {
    return listNamed(this.db, this.#shown, ids);
  }

  columnTable(column: CaseColumn | 'study'): ColumnTable {
    return readColumnTable(this.db, column);
  }

  labelTable(): LabelTable {
    return readLabelTable(
      this.db,
      this.#shown.map(({ id }) => id),
    );
  }

  changedLabels(): { case: string; structure: string }[] {
    return readChangedLabels(this.db);
  }

  imageFile(id: string): string {
    const file = findImageFile(this.db, id);
    if (file === null) throw this.noCase(id);
    return this.place(file);
  }

  async mask(id: string, structure: string, revision?: number): Promise<Mask | null> {
    const label = this.label(id, structure);
    const hash = readMaskHash(this.db, label, revision);
    return hash === null ? null : maskOfBits(await this.masks.read(hash));
  }

  revisions(id: string, structure: string): LabelRevision[] {
    return listRevisions(this.db, this.label(id, structure), (file) => {
      try {
        return this.place(file);
      } catch (error) {
        if (error instanceof UserError) return null;
        throw error;
      }
    });
  }

  importNotices(): ImportNotice[] {
    return readNotices(this.db);
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

  chosenRun(): ChosenRun | null {
    return readChosenRun(this.db);
  }

  runFolder(id: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id))
      throw new UserError(`"${id}" is not a run's name.`);
    return path.join(this.folder, 'runs', id);
  }

  scores(model: string, ids?: readonly string[]): LabelScore[] {
    return readScores(this.db, model, ids);
  }

  scoresByCase(model: string, ids: readonly string[]): Map<string, LabelScore[]> {
    const cases = grouped(this.scores(model, ids), (score) => score.case);
    return new Map(cases.map((scores) => [scores[0].case, scores]));
  }

  labelsOfKind(model: string, kind: LabelKind): { case: number; structure: number }[] {
    const ids = this.#shown.map(({ id }) => id);
    return readLabelsOfKind(this.db, model, kind).flatMap((found) => {
      const structure = ids.indexOf(found.structure);
      return structure < 0 ? [] : [{ case: found.case, structure }];
    });
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
    return readCalibrationRow(this.db, model);
  }

  scoredModels(): { model: string; at: string; labels: number }[] {
    return readScoredModels(this.db);
  }

  get lastAudit(): number {
    return lastSequence(this.db);
  }

  auditLog(query?: { after?: number; limit?: number }): AuditEntry[] {
    return readAudit(this.db, query);
  }

  verify(options: Parameters<ProjectReader['verify']>[0] = {}): Promise<Finding[]> {
    const { db, masks, folder } = this;
    return verifyProject({ db, masks, folder, place: (file) => this.place(file) }, options);
  }

  strokes(id: string, structure: string): StoredStroke[] {
    return readStrokes(this.db, this.label(id, structure));
  }

  async drawn(id: string, structure: string): Promise<Mask | null> {
    const label = this.label(id, structure);
    const { hash, strokes } = this.db.snapshot(() => ({
      hash: readMaskHash(this.db, label),
      strokes: readStrokes(this.db, label),
    }));
    const base = hash === null ? null : maskOfBits(await this.masks.read(hash));
    if (strokes.length === 0) return base;
    return applyStrokes(base ?? emptyMask(label.width, label.height), strokes);
  }

  get isOwn(): boolean {
    return this.#reach.isOwn;
  }

  assertMayCopy(): void {
    this.#reach.assertMayCopy(this.root, this.origin.layout);
  }

  assertInDataset(file: string): void {
    this.#reach.assertInDataset(file, this.root);
  }

  assertInProject(file: string): void {
    this.#reach.assertInProject(file);
  }

  trust(): void {
    const named = this.#reach.namedRoot;
    this.keepTrust(null, named ?? undefined);
  }

  nameDataset(root: string): void {
    const to = path.resolve(root);
    checkHoldsImages(this.db, to);
    this.keepTrust(to);
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

  protected meta(key: 'name' | 'root' | 'origin'): string {
    const value = readMeta(this.db, key);
    if (value === null) {
      throw new UserError(
        `The project ${this.folder} is incomplete: its ${key} is missing in project.db; put project.db back from a backup.`,
      );
    }
    return value;
  }

  /** Absolute path of the dataset; stored relative if it lies inside the project. */
  protected get root(): string {
    if (this.#namedRoot === undefined) this.#namedRoot = this.#reach.namedRoot;
    return this.#namedRoot ?? path.resolve(this.folder, this.meta('root'));
  }

  /**
   * Absolute path of a stored file name, under the current dataset root.
   * @throws UserError if the project comes from elsewhere and the file lies outside of the dataset
   */
  protected place(file: string): string {
    const { root } = this;
    const absolute = path.resolve(root, file);
    this.#reach.assertInDataset(absolute, root);
    return absolute;
  }

  /** Keeps the person's word on this project. @param root and @param named: see `Trust` */
  protected keepTrust(root: string | null, named?: string): void {
    this.#namedRoot = undefined;
    const project = firstRowHash(this.db);
    writeTrust(this.folder, { project, root, ...(named !== undefined && { named }) });
  }

  protected noCase(id: string): UserError {
    return new UserError(`There is no case "${id}" in the project ${this.folder}.`, {
      code: 'not-found',
    });
  }

  /** Reads the structures again, after a change. */
  protected reloadStructures(): void {
    this.#known = readStructures(this.db);
    this.#shown = this.#known.filter(({ hidden }) => !hidden);
    this.#plain = this.#shown.map(({ name, colour }) => ({ name, colour }));
  }

  protected structureId(structure: string): number {
    return this.#structure(structure).id;
  }

  /** The structure that has or had this name. @throws UserError if there is none, or it was removed */
  #structure(structure: string): StoredStructure {
    const found = structureNamed(this.#known, structure);
    if (found?.hidden === true) {
      throw new UserError(`The structure “${found.name}” was removed: restore it first.`);
    }
    if (found !== undefined) return found;
    const names = this.structures.map((item) => item.name).join(', ');
    throw new UserError(
      `There is no structure "${structure}" in the project ${this.folder}: it has ${names}.`,
    );
  }

  protected label(id: string, structure: string): StoredLabel {
    const { id: structureId, name } = this.#structure(structure);
    const row = this.db.get<{ id: number; width: number; height: number }>(
      'SELECT id, width, height FROM cases WHERE name = ?',
      id,
    );
    if (!row) throw this.noCase(id);
    const { width, height } = row;
    return { caseId: row.id, case: id, structureId, structure: name, width, height };
  }
}
