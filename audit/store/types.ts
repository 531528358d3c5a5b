/**
 * The interfaces of a project on disk. The rest of `audit/` uses these; `reader.ts` and `writer.ts`
 * implement them.
 */
import type { PairScore } from '../contract/pair-score.ts';
import type {
  ImportNotice,
  BlindKind,
  CaseColumn,
  CaseSummary,
  LabelKind,
  Place,
  Structure,
  Verdict,
} from '../contract/terms.ts';
import type { StructureChange, StructureRow } from '../contract/routes/structures.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';
import type { StoredStructure } from './structures.ts';

/** A decoded case that is about to be imported. */
export interface NewCase {
  readonly id: string;
  /**
   * Absolute path of the image. The project stores it relative to the dataset's root if it lies there,
   * so that a moved dataset can be relinked.
   */
  readonly imageFile: string;
  /** SHA-256 of the image file's bytes. */
  readonly imageHash: string;
  readonly image: Pick<GreyImage, 'width' | 'height' | 'bits' | 'spacing'>;
  readonly split: string | null;
  readonly annotator: string | null;
  /** The patient and the examination; left out if the dataset does not name them. */
  readonly patient?: string | null;
  readonly study?: string | null;
  /** The present labels. A structure without an entry is absent; an all-zero mask is "empty". */
  readonly labels: readonly { structure: string; mask: Mask; sourceFile: string }[];
}

/** The dataset that a project was made from; stored as JSON. */
export interface ProjectOrigin {
  readonly format: string;
  /** Absolute path of the dataset. */
  readonly root: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly layout: unknown;
}

export interface LabelRevision {
  readonly case: string;
  readonly structure: string;
  /** The revision's number within its label: 1, 2, 3 … */
  readonly number: number;
  /** Content hash of the mask, or null if the revision made the label absent. */
  readonly mask: string | null;
  readonly area: number;
  readonly author: string;
  /** The time of the revision, ISO 8601, UTC. */
  readonly at: string;
  /** What made the revision: `import`, `replace`, `stroke`, `restore`, … */
  readonly reason: string;
  readonly sourceFile: string | null;
}

export type RunStatus = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** The run that a person chose to rank, and when: ISO 8601, UTC. */
export interface ChosenRun {
  readonly run: string;
  readonly at: string;
}

/** One training. Its folder is `runs/<id>/`. */
export interface Run {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: RunStatus;
  /**
   * `config`: the full training configuration (JSON). `summary`: the figures with which the run ended.
   */
  readonly config: unknown;
  readonly summary: unknown;
  /** Why the run failed, in one sentence, or null if it did not fail. */
  readonly error: string | null;
}

/**
 * The scores of one label under one model. Values that compare the label with a proposal are null
 * if the model is a QAM without a segmenter.
 */
export interface LabelScore {
  readonly case: string;
  readonly structure: string;
  /** Hash of the scored mask. If the label has another mask now, the score is stale. */
  readonly mask: string;
  /**
   * The QAM's score of the case with its labels as drawn and proposals in place of absent labels; higher
   * is better.
   */
  readonly caseScore: number;
  /**
   * The QAM's score of the case with this label as drawn and proposals in place of its other labels;
   * without a segmenter the other labels stay as drawn.
   */
  readonly learned: number;
  /** Dice of label and proposal at the network's resolution, 0 … 1. */
  readonly dice: number | null;
  /** Soft dice loss of the label against the segmenter's probabilities, 0 … 1. */
  readonly disagreement: number | null;
  /** Softmin of the pixels' self-confidence (`docs/method.md`), 0 … 1; lower is worse. */
  readonly softmin: number | null;
  /**
   * `area`: the share of the image that the label covers, 0 … 1. `proposalArea`: the proposal's share.
   */
  readonly area: number;
  readonly proposalArea: number | null;
  /**
   * Mean distance of the label's boundary from the proposal's, in pixels at 256 × 256. Distances
   * inside the proposal are negative. Null if one of the two has no boundary.
   */
  readonly boundary: number | null;
  /**
   * Share, 0 … 1, of the label's boundary that is more than 2 px from the proposal's boundary at
   * 256 × 256, or null if one of the two has no boundary.
   */
  readonly boundaryOff: number | null;
  /**
   * What the difference between label and proposal looks like; null without a segmenter, or for a score
   * of an earlier version of Overread.
   */
  readonly kind: LabelKind | null;
  /** The largest component of that difference; null if there is none, or as for `kind`. */
  readonly place: Place | null;
  /**
   * If several pairs of networks judged the label: what each measured. The fields above are the means, and
   * kind and place are those of the pair that agrees least with the label.
   */
  readonly pairs?: readonly PairScore[];
}

/** A row of the audit log. */
export interface AuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly author: string;
  readonly action: string;
  readonly detail: unknown;
  /** SHA-256 over the previous hash and this row. */
  readonly hash: string;
}

/** A problem that `verify` found. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong, where, and what to do. */
  readonly message: string;
}

/** A page of cases; `search` is a part of the case's name. */
export interface CaseQuery {
  readonly offset?: number;
  readonly limit?: number;
  readonly search?: string;
}

/** State and verdict of every label. */
export interface LabelTable {
  /** Names of the cases, in import order. */
  readonly cases: readonly string[];
  /** Cases × structures, row-major, one byte a label; `verdictOfCell` decodes a byte. */
  readonly cells: Uint8Array;
}

/** One property of all cases, for example the split. */
export interface ColumnTable {
  /** The different values, in the order of their first case. */
  readonly values: readonly string[];
  /** For each case in import order: an index into `values`, or −1 if the dataset says nothing. */
  readonly places: Int32Array;
}

/** A project opened for reading. Reading takes no lock: any number of processes may read. */
export interface ProjectReader {
  readonly folder: string;
  readonly name: string;
  /** Without the removed ones. */
  readonly structures: readonly Structure[];
  /** Also the removed structures, with the names that they had. */
  readonly allStructures: readonly StoredStructure[];
  /** All structures with the number of their labels. */
  structureCounts(): StructureRow[];
  /**
   * The name of the structure that has or had this name, as a run or the audit log may call it; null if the
   * structure was removed or never was.
   */
  nameNow(name: string): string | null;
  readonly origin: ProjectOrigin;
  readonly counts: { cases: number; labels: number };
  cases(query?: CaseQuery): CaseSummary[];
  /** All ids in import order, for long tasks that cannot hold 100,000 summaries. */
  caseIds(): string[];
  case(id: string): CaseSummary | null;
  /** The cases with these ids, in this order; unknown ids are left out. */
  casesOf(ids: readonly string[]): CaseSummary[];
  labelTable(): LabelTable;
  /** Labels whose mask differs from the imported one, absent labels included. */
  changedLabels(): { case: string; structure: string }[];
  columnTable(column: CaseColumn | 'study'): ColumnTable;
  /**
   * Absolute path of the image under the current dataset root.
   * @throws UserError if there is no such case, or the project comes from elsewhere and the image lies
   *   outside of the dataset
   */
  imageFile(id: string): string;
  /** The newest mask of a label, or the mask of `revision`; null if the label is absent. */
  mask(id: string, structure: string, revision?: number): Promise<Mask | null>;
  revisions(id: string, structure: string): LabelRevision[];
  importNotices(): ImportNotice[];
  runs(): Run[];
  run(id: string): Run | null;
  /** The newest run with status `done`, or null. */
  lastRun(): Run | null;
  /** The run that a person chose to rank, or null if nobody chose one. */
  chosenRun(): ChosenRun | null;
  runFolder(id: string): string;
  /**
   * Scores by one model, of some cases (their names) or of all, in import order.
   * @param model a run's id, or the hash of a foreign qam.onnx
   */
  scores(model: string, ids?: readonly string[]): LabelScore[];
  /** Scores by one model, by the names of these cases; a case without scores is left out. */
  scoresByCase(model: string, ids: readonly string[]): Map<string, LabelScore[]>;
  /** Labels whose score says this kind, as the places of their case and structure, from 0. */
  labelsOfKind(model: string, kind: LabelKind): { case: number; structure: number }[];
  /** Changed labels that have a verdict and a score of their current mask (given as its hash). */
  changedAndScored(model: string): { case: string; structure: string; mask: string }[];
  /** A random word that changes whenever scores or calibrations are saved. */
  readonly scoresState: string;
  scoredModels(): { model: string; at: string; labels: number }[];
  /** Names of the models with scores; fast, whatever the number of scores. */
  scoredModelNames(): string[];
  /** The calibration of a model's scores (`ranking/calibration.ts`), or null if there is none. */
  calibration(model: string): unknown;
  auditLog(query?: { after?: number; limit?: number }): AuditEntry[];
  /** Sequence number of the newest row of the audit log; 0 if the log is empty. */
  readonly lastAudit: number;
  /** Checks the database, the audit log, the mask files and, with `images`, the image files. */
  verify(options?: {
    images?: boolean;
    signal?: AbortSignal;
    onProgress?: (done: number, total: number) => void;
  }): Promise<Finding[]>;
  /** Whether the person made this project on this machine or trusts it, so that its files may lie anywhere. */
  readonly isOwn: boolean;
  /**
   * Checks that files of the dataset may be copied out of it.
   * @throws UserError if the project comes from elsewhere and nobody on this machine said where its
   *   dataset lies, or its layout names a place outside of the dataset
   */
  assertMayCopy(): void;
  /** @throws UserError if the project comes from elsewhere and the file lies outside of the dataset */
  assertInDataset(file: string): void;
  /** @throws UserError if the project comes from elsewhere and a link leads the file out of its folder */
  assertInProject(file: string): void;
  /**
   * Keeps, outside of a project from elsewhere, where its dataset lies. The project itself is not written.
   * @throws UserError if the folder does not hold the project's images
   */
  nameDataset(root: string): void;
  /** Keeps, outside of the project, that the person trusts it. @throws UserError if that cannot be written */
  trust(): void;
  /** Copies the present state of the database to the new file `file`, for packing the project. */
  copyDatabase(file: string): void;
  close(): void;
}

/** A project opened for writing: one process at a time, by a lock that a crash releases. */
export interface ProjectWriter extends ProjectReader {
  /** Runs several changes as one transaction: after a crash, all of them are there, or none is. */
  together<T>(work: () => T): T;
  /**
   * Adds cases in one transaction, after their mask files are synced. Skips cases that the project has,
   * so that an import that was killed can be run again.
   */
  addCases(cases: readonly NewCase[]): Promise<void>;
  addImportNotices(notices: readonly ImportNotice[]): void;
  /**
   * Adds an immutable revision; `mask` null makes the label absent. A mask equal to the newest one
   * changes nothing.
   * @param by.also runs in the same transaction if there is a new revision; it may change the label further
   */
  addRevision(
    id: string,
    structure: string,
    mask: Mask | null,
    by: {
      author: string;
      reason: string;
      sourceFile?: string;
      also?: () => void;
    },
  ): Promise<LabelRevision>;
  /**
   * Gives a verdict; `verdict` null takes it back.
   * @param structure null means all present labels; without `force`, a new verdict skips those that
   *   have a verdict
   * @param by.blind the kind of blind check, if the person did not see the ranking
   * @param by.step names the step of a person that this verdict belongs to. The audit log keeps it, so that an
   *   undo takes back the whole step
   */
  setVerdict(
    id: string,
    structure: string | null,
    verdict: Verdict | null,
    by: { author: string; comment?: string; force?: boolean; blind?: BlindKind; step?: string },
  ): void;
  /**
   * Adds, renames, recolours, removes or restores a structure. A removed structure keeps all its labels.
   * @throws UserError if that cannot be done, for example because the name is taken
   */
  changeStructure(change: StructureChange, by: { author: string }): void;
  comment(id: string, structure: string, text: string, by: { author: string }): void;
  relink(root: string, by: { author: string }): void;
  startRun(config: unknown): Run;
  /** Chooses the run that ranks by default. @param run null takes the choice back */
  chooseRun(run: string | null, by: { author: string }): void;
  /** Ends a run. It can also mark a run as `interrupted` if the run's trainer is gone. */
  endRun(
    id: string,
    end: { status: Exclude<RunStatus, 'running'>; summary?: unknown; error?: string },
  ): void;
  resumeRun(id: string): void;
  saveScores(model: string, scores: readonly LabelScore[]): void;
  saveCalibration(model: string, content: unknown): void;
}

/** One stroke: the pixels of a rectangle of a mask, before and after. */
export interface EncodedStroke {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The rectangle's pixels as runs (`contract/runs.ts`). */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A stroke with its pixels: a byte each, 0 or 1, row by row. Its runs fill the rectangle. */
export interface DecodedStroke extends EncodedStroke {
  readonly pixels: { readonly before: Uint8Array; readonly after: Uint8Array };
}

export interface StoredStroke extends EncodedStroke {
  readonly id: number;
  /** The revision that the label's pending strokes start from; 0 if the label had no revision. */
  readonly baseRevision: number;
  readonly author: string;
  readonly at: string;
}

/** Reads pending strokes: those that no revision holds yet. They survive a crash. */
export interface StrokeReader {
  /** The pending strokes of a label, in the order they were drawn. */
  strokes(id: string, structure: string): StoredStroke[];
  /** The label's mask with its pending strokes, or null if it is absent and has no such strokes. */
  drawn(id: string, structure: string): Promise<Mask | null>;
}

export interface StrokeWriter {
  /**
   * Appends a stroke to the journal. A person's undo is appended as a stroke with `before` and `after`
   * exchanged.
   */
  appendStroke(
    id: string,
    structure: string,
    stroke: DecodedStroke,
    by: { author: string },
  ): StoredStroke;
  /**
   * Makes one revision of the label's pending strokes and removes them from the journal. Strokes that together
   * change nothing make no revision.
   * @returns the newest revision; null if there were no pending strokes, or if the label stays absent
   */
  foldStrokes(
    id: string,
    structure: string,
    by: { author: string; reason?: string },
  ): Promise<LabelRevision | null>;
}
