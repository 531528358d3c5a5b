/** A project opened for writing: each change and its audit row are one transaction. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pLimit from 'p-limit';
import type { BlindKind, ImportNotice, Verdict } from '../contract/terms.ts';
import type { StructureChange } from '../contract/routes/structures.ts';
import { UserError } from '../errors.ts';
import { emptyMask } from '../imaging/polygon.ts';
import type { Mask } from '../imaging/types.ts';
import { appendAudit } from './audit-log.ts';
import { writeCalibrationRow } from './calibrations.ts';
import { writeComment } from './comments.ts';
import type { Database } from './database.ts';
import { checkHoldsImages, storedName, storedRoot } from './datasetroot.ts';
import { syncFolderNow } from './files.ts';
import { auditImport, insertCase, writeNotices } from './imports.ts';
import type { StoredLabel } from './label.ts';
import type { WriterLock } from './lock.ts';
import type { LogCopy } from './logcopy.ts';
import type { SavedMask } from './maskfiles.ts';
import { writeMeta } from './meta.ts';
import { explainProblem } from './problems.ts';
import { StoreReader } from './reader.ts';
import { newestRevision, writeRevision } from './revisions.ts';
import { finishRun, insertRun, newRunId, reopenRun, writeChosenRun } from './runs.ts';
import { renewScoresState, writeScore } from './scores.ts';
import { countStructures, writeStructureChange } from './structures.ts';
import { clearStrokes, readStrokes, writeStroke } from './strokerows.ts';
import { applyStrokes, checkStrokeInside } from './strokes.ts';
import type {
  AuditEntry,
  DecodedStroke,
  LabelScore,
  NewCase,
  ProjectWriter,
  LabelRevision,
  Run,
  RunStatus,
  StoredStroke,
  StrokeWriter,
} from './types.ts';
import { writeVerdict } from './verdicts.ts';

interface By {
  readonly author: string;
  readonly reason: string;
  readonly sourceFile?: string;
  readonly also?: () => void;
}

/** The mask that the pending strokes of a label make. */
interface Drawn {
  /** Null: what was drawn on an absent label was removed again, and the label stays absent. */
  readonly mask: Mask | null;
  /** The newest of the strokes. */
  readonly last: StoredStroke;
}

export class StoreWriter extends StoreReader implements ProjectWriter, StrokeWriter {
  readonly #lock: WriterLock;
  readonly #log: LogCopy;
  /** Account name of this process: the author of imports and runs. */
  readonly #user: string;
  /** Changes that write files run through this one at a time. */
  readonly #turns = pLimit(1);
  #closed = false;

  constructor(folder: string, db: Database, own: { lock: WriterLock; log: LogCopy; user: string }) {
    super(folder, db);
    this.#lock = own.lock;
    this.#user = own.user;
    this.#log = own.log;
  }

  addCases(cases: readonly NewCase[]): Promise<void> {
    return this.#inTurn(async () => {
      const seen = new Set<string>();
      const fresh = cases.filter((item) => {
        if (seen.has(item.id)) return false;
        seen.add(item.id);
        return !this.db.get('SELECT 1 FROM cases WHERE name = ?', item.id);
      });
      if (fresh.length === 0) return;
      for (const item of fresh) {
        for (const label of item.labels) {
          this.structureId(label.structure);
          checkSize(item.id, label.structure, label.mask, item.image);
        }
      }
      const { saved, discard } = await this.masks.save(
        fresh.flatMap((item) => item.labels.map((label) => label.mask)),
      );
      const context = {
        root: this.root,
        author: this.#user,
        at: new Date().toISOString(),
        structureId: (name: string) => this.structureId(name),
      };
      await orDiscard(discard, () =>
        this.db.transaction(() => {
          let at = 0;
          for (const item of fresh) {
            const masks: SavedMask[] = saved.slice(at, (at += item.labels.length));
            insertCase(this.db, item, masks, context);
          }
        }),
      );
    });
  }

  addImportNotices(notices: readonly ImportNotice[]): void {
    this.db.transaction(() => writeNotices(this.db, notices));
  }

  addRevision(id: string, structure: string, mask: Mask | null, by: By): Promise<LabelRevision> {
    return this.#inTurn(async () => {
      const label = this.label(id, structure);
      if (mask) checkSize(id, structure, mask, label);
      // The pending strokes become a revision of their own first, so that no drawing is lost.
      const drawn = await this.#drawn(label);
      const masks = [drawn?.mask ?? null, mask];
      await this.#save(masks, ([strokes, saved]) => {
        const before = newestRevision(this.db, label)?.number;
        if (drawn) this.#writeDrawn(label, drawn, strokes, { reason: 'stroke' });
        const sourceFile =
          by.sourceFile === undefined ? null : storedName(by.sourceFile, this.root);
        const revision = { ...contentOf(saved), author: by.author, reason: by.reason, sourceFile };
        const number = writeRevision(this.db, label, revision);
        if (drawn) clearStrokes(this.db, label, drawn.last.id, number);
        if (number !== before) by.also?.();
      });
      return this.#newest(label);
    });
  }

  setVerdict(
    id: string,
    structure: string | null,
    verdict: Verdict | null,
    by: { author: string; comment?: string; force?: boolean; blind?: BlindKind; step?: string },
  ): void {
    const labels = (
      structure === null ? this.structures.map((item) => item.name) : [structure]
    ).map((name) => this.label(id, name));
    this.#change(() => writeVerdict(this.db, labels, structure === null, verdict, by));
  }

  together<T>(work: () => T): T {
    return this.db.transaction(work);
  }

  changeStructure(change: StructureChange, by: { author: string }): void {
    this.#change(() => {
      const labels = countStructures(this.db).find(({ name }) => name === change.name)?.labels ?? 0;
      if (!writeStructureChange(this.db, change)) return;
      // Scores are kept in files by the places of the structures.
      renewScoresState(this.db);
      appendAudit(this.db, by.author, 'structure', { ...change, labels });
    });
    this.reloadStructures();
  }

  comment(id: string, structure: string, text: string, by: { author: string }): void {
    const label = this.label(id, structure);
    const detail = { case: id, structure, text: text.trim() };
    this.#change(() => {
      writeComment(this.db, label, by.author, detail.text);
      appendAudit(this.db, by.author, 'comment', detail);
    });
  }

  relink(root: string, by: { author: string }): void {
    const to = path.resolve(root);
    checkHoldsImages(this.db, to);
    this.#change(() => {
      const from = this.meta('root');
      if (path.resolve(this.folder, from) === to) return;
      const stored = storedRoot(to, this.folder);
      writeMeta(this.db, 'root', stored);
      appendAudit(this.db, by.author, 'relink', { from, to: stored });
    });
    // What the person named before they trusted the project is out of date.
    if (this.isOwn) this.keepTrust(null);
  }

  startRun(config: unknown): Run {
    const startedAt = new Date();
    const id = newRunId(startedAt);
    try {
      mkdirSync(this.runFolder(id), { recursive: true });
      syncFolderNow(path.join(this.folder, 'runs'));
    } catch (error) {
      throw explainProblem(error, this.folder);
    }
    this.db.transaction(() =>
      insertRun(this.db, { id, session: this.#lock.session, startedAt, config }),
    );
    return this.#existingRun(id);
  }

  endRun(
    id: string,
    end: { status: Exclude<RunStatus, 'running'>; summary?: unknown; error?: string },
  ): void {
    this.#existingRun(id);
    this.#change(() => {
      finishRun(this.db, id, end);
      const detail = { run: id, status: end.status, error: end.error };
      appendAudit(this.db, this.#user, 'run', detail);
    });
  }

  chooseRun(run: string | null, by: { author: string }): void {
    if (run !== null) this.#existingRun(run);
    this.#change(() => writeChosenRun(this.db, run, by.author));
  }

  resumeRun(id: string): void {
    this.#existingRun(id);
    this.db.transaction(() => reopenRun(this.db, id, this.#lock.session));
  }

  saveScores(model: string, scores: readonly LabelScore[]): void {
    const at = new Date().toISOString();
    this.db.transaction(() => {
      for (const score of scores) {
        writeScore(this.db, model, at, this.label(score.case, score.structure), score);
      }
      if (scores.length > 0) renewScoresState(this.db);
    });
  }

  saveCalibration(model: string, content: unknown): void {
    this.db.transaction(() => {
      writeCalibrationRow(this.db, model, content);
      renewScoresState(this.db);
    });
  }

  override auditLog(query?: { after?: number; limit?: number }): AuditEntry[] {
    auditImport(this.db, this.#user);
    return super.auditLog(query);
  }

  appendStroke(
    id: string,
    structure: string,
    stroke: DecodedStroke,
    by: { author: string },
  ): StoredStroke {
    const label = this.label(id, structure);
    checkStrokeInside(stroke, label);
    return this.db.transaction(() => writeStroke(this.db, label, stroke, by.author));
  }

  foldStrokes(
    id: string,
    structure: string,
    by: { author: string; reason?: string },
  ): Promise<LabelRevision | null> {
    return this.#inTurn(() => this.#fold(this.label(id, structure), by));
  }

  override close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      auditImport(this.db, this.#user);
    } finally {
      super.close();
      this.#log.close();
      this.#lock.release();
    }
  }

  protected override isAlive(session: string): boolean {
    return session === this.#lock.session;
  }

  /** Runs `work` in a transaction. Cases imported before it get their audit row first. */
  #change(work: () => void): void {
    this.db.transaction(() => {
      auditImport(this.db, this.#user);
      work();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns(work).catch((error: unknown) => {
      throw explainProblem(error, this.folder);
    });
  }

  #existingRun(id: string): Run {
    const run = this.run(id);
    if (!run) throw new UserError(`There is no run "${id}" in the project ${this.folder}.`);
    return run;
  }

  /**
   * Saves the files of masks, then runs `write` in a transaction.
   * @param write gets the saved masks in their order; null for a mask that is null
   */
  async #save(
    masks: readonly (Mask | null)[],
    write: (saved: readonly (SavedMask | null)[]) => void,
  ): Promise<void> {
    const { saved, discard } = await this.masks.save(masks.filter((mask) => mask !== null));
    const left = [...saved];
    const inOrder = masks.map((mask) => (mask === null ? null : (left.shift() as SavedMask)));
    await orDiscard(discard, () => this.#change(() => write(inOrder)));
  }

  #newest(label: StoredLabel): LabelRevision {
    return this.revisions(label.case, label.structure).at(-1) as LabelRevision;
  }

  /** What the label's pending strokes make; null if there are none. */
  async #drawn(label: StoredLabel): Promise<Drawn | null> {
    const strokes = readStrokes(this.db, label);
    const last = strokes.at(-1);
    if (!last) return null;
    const base = await this.mask(label.case, label.structure);
    const mask = applyStrokes(base ?? emptyMask(label.width, label.height), strokes);
    return { mask: base || mask.data.includes(1) ? mask : null, last };
  }

  /** Writes the revision of the pending strokes, in a transaction. */
  #writeDrawn(
    label: StoredLabel,
    { last }: Drawn,
    saved: SavedMask | null,
    { author = last.author, reason = 'stroke' }: { author?: string; reason?: string },
  ): void {
    const number =
      saved === null
        ? (newestRevision(this.db, label)?.number ?? 0)
        : writeRevision(this.db, label, {
            ...contentOf(saved),
            author,
            reason,
            sourceFile: null,
          });
    clearStrokes(this.db, label, last.id, number);
  }

  async #fold(
    label: StoredLabel,
    by: { author?: string; reason?: string },
  ): Promise<LabelRevision | null> {
    const drawn = await this.#drawn(label);
    if (!drawn) return null;
    await this.#save([drawn.mask], ([saved]) => this.#writeDrawn(label, drawn, saved, by));
    return drawn.mask === null ? null : this.#newest(label);
  }
}

const contentOf = (saved: SavedMask | null): { mask: string | null; area: number } => ({
  mask: saved?.hash ?? null,
  area: saved?.area ?? 0,
});

function checkSize(
  id: string,
  structure: string,
  mask: Mask,
  image: { width: number; height: number },
): void {
  if (mask.width === image.width && mask.height === image.height) return;
  throw new UserError(
    `The mask "${structure}" of case "${id}" is ${mask.width} × ${mask.height} pixels and its ` +
      `image ${image.width} × ${image.height}: give a mask of the image's size.`,
  );
}

async function orDiscard<T>(discard: () => Promise<void>, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await discard();
    throw error;
  }
}
