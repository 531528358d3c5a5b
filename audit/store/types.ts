/**
 * What a project on disk offers to the rest of `audit/`. `project.ts` implements it; everything
 * else is written against these interfaces.
 */
import type {
  ImportNotice,
  BlindKind,
  CaseColumn,
  CaseSummary,
  Structure,
  Verdict,
} from '../contract/terms.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';

/** A case on its way into the project, decoded. */
export interface NewCase {
  readonly id: string;
  /** Absolute path; stored relative to the dataset's root so a moved dataset can be linked again. */
  readonly imageFile: string;
  /** SHA-256 of the image file's bytes. */
  readonly imageHash: string;
  readonly image: Pick<GreyImage, 'width' | 'height' | 'bits' | 'spacing'>;
  readonly split: string | null;
  readonly annotator: string | null;
  /** Whose image it is, and of which examination; left out where the dataset does not say. */
  readonly patient?: string | null;
  readonly study?: string | null;
  /** Only labels that are present; a structure left out is absent. An all-zero mask is "empty". */
  readonly labels: readonly { structure: string; mask: Mask; sourceFile: string }[];
}

/** Where a project came from; kept as JSON. */
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
  /** 1, 2, 3 … within its label. */
  readonly number: number;
  /** Content hash of the mask; null: the label was made absent. */
  readonly mask: string | null;
  readonly area: number;
  readonly author: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `import`, `replace`, `stroke`, `restore`, … */
  readonly reason: string;
  readonly sourceFile: string | null;
}

export type RunStatus = 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/** One training. Its folder is `runs/<id>/`. */
export interface Run {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: RunStatus;
  /** The resolved training configuration (JSON), and the figures it ended with. */
  readonly config: unknown;
  readonly summary: unknown;
  /** One sentence when it failed. */
  readonly error: string | null;
}

/**
 * What scoring says of one label under one model. What compares it with a proposal is null when the
 * model is a QAM alone, without a segmenter.
 */
export interface LabelScore {
  readonly case: string;
  readonly structure: string;
  /** The mask that was scored: a score of an older revision is stale, and known to be. */
  readonly mask: string;
  /** QAM on the case as given, the same for each of its labels. Higher is better. */
  readonly caseScore: number;
  /** QAM with this label as given and the segmenter's proposals (else the labels) for the others. */
  readonly learned: number;
  /** Dice with the segmenter's proposal at the network's resolution, 0 … 1. */
  readonly dice: number | null;
  /** Soft dice loss of the label against the segmenter's probabilities, 0 … 1. */
  readonly disagreement: number | null;
  /** Softmin score of the label, 0 … 1. */
  readonly softmin: number | null;
  /** Share of the image drawn, of the label and of the proposal, 0 … 1. */
  readonly area: number;
  readonly proposalArea: number | null;
  /** Mean signed boundary distance in pixels at 256² (negative: inside), null without a boundary. */
  readonly boundary: number | null;
  /** Share of the boundary more than 2 px at 256² off, 0 … 1; null without a boundary. */
  readonly boundaryOff: number | null;
}

export interface AuditEntry {
  readonly sequence: number;
  readonly at: string;
  readonly author: string;
  readonly action: string;
  readonly detail: unknown;
  /** SHA-256 over the previous hash and this row. */
  readonly hash: string;
}

export interface Finding {
  readonly severity: 'error' | 'warning';
  /** One sentence: what is wrong, where, and what to do. */
  readonly message: string;
}

export interface CaseQuery {
  readonly offset?: number;
  readonly limit?: number;
  readonly search?: string;
}

/** Every label's state and verdict at once. */
export interface LabelTable {
  /** Names, in import order. */
  readonly cases: readonly string[];
  /** Cases × structures, row-major, a byte each: `verdictOfCell` says what it means. */
  readonly cells: Uint8Array;
}

/** One thing that the dataset says of its cases, of all of them at once. */
export interface ColumnTable {
  /** What is said, each once, in the order in which it first comes. */
  readonly values: readonly string[];
  /** By place of the case in import order: a place in `values`, −1 where nothing is known. */
  readonly places: Int32Array;
}

/** Reading takes no lock: any number of processes may. */
export interface ProjectReader {
  readonly folder: string;
  readonly name: string;
  readonly structures: readonly Structure[];
  readonly origin: ProjectOrigin;
  readonly counts: { cases: number; labels: number };
  cases(query?: CaseQuery): CaseSummary[];
  /** Ids only, in import order: what long tasks iterate over without holding 100,000 summaries. */
  caseIds(): string[];
  case(id: string): CaseSummary | null;
  /** These cases, in this order; one that is not there is left out. */
  casesOf(ids: readonly string[]): CaseSummary[];
  labelTable(): LabelTable;
  /** Labels whose mask is not the imported one, absent ones included. */
  changedLabels(): { case: string; structure: string }[];
  columnTable(column: CaseColumn | 'study'): ColumnTable;
  /** Where the image lies now (absolute), following a re-linked dataset root. */
  imageFile(id: string): string;
  /** The newest mask of a label, or the one of `revision`; null when absent. */
  mask(id: string, structure: string, revision?: number): Promise<Mask | null>;
  revisions(id: string, structure: string): LabelRevision[];
  importNotices(): ImportNotice[];
  runs(): Run[];
  run(id: string): Run | null;
  /** Newest run with status `done`, the one rankings use by default. */
  lastRun(): Run | null;
  runFolder(id: string): string;
  /** Scores of one model (a run id, or the hash of a foreign qam.onnx); of one case, or of all. */
  scores(model: string, id?: string): LabelScore[];
  /** Judged labels of `changedLabels` with a score of the mask (its hash) that they have now. */
  changedAndScored(model: string): { case: string; structure: string; mask: string }[];
  /** A word that is another one whenever scores, or what they mean, were saved. */
  readonly scoresState: string;
  scoredModels(): { model: string; at: string; labels: number }[];
  /** Their names alone: at once, however many scores there are. */
  scoredModelNames(): string[];
  /** What a model's scores mean (see `ranking/calibration.ts`); null where nobody found out. */
  calibration(model: string): unknown;
  auditLog(query?: { after?: number; limit?: number }): AuditEntry[];
  /** Sequence of the newest row of the audit log; 0 when there is none. */
  readonly lastAudit: number;
  /** Audit chain, label hashes, database integrity, referenced images present and unchanged. */
  verify(options?: {
    images?: boolean;
    signal?: AbortSignal;
    onProgress?: (done: number, total: number) => void;
  }): Promise<Finding[]>;
  /** A copy of the database as it is now, as the new file `file`: for packing the project. */
  copyDatabase(file: string): void;
  close(): void;
}

/** Writing: one process at a time, by a lock that a crash releases. */
export interface ProjectWriter extends ProjectReader {
  /** One transaction: label files synced first, then the rows. Known ids are skipped (an import
   *  that was killed is run again and completes). */
  addCases(cases: readonly NewCase[]): Promise<void>;
  addImportNotices(notices: readonly ImportNotice[]): void;
  /** A new immutable revision; `mask` null makes the label absent. Same content as the newest: no-op. */
  addRevision(
    id: string,
    structure: string,
    mask: Mask | null,
    by: { author: string; reason: string; sourceFile?: string },
  ): Promise<LabelRevision>;
  /** `structure` null: all present labels of the case that have no verdict yet (or all, with `force`).
   *  `verdict` null takes it back. `blind`: it was given without the ranking in sight. */
  setVerdict(
    id: string,
    structure: string | null,
    verdict: Verdict | null,
    by: { author: string; comment?: string; force?: boolean; blind?: BlindKind },
  ): void;
  comment(id: string, structure: string, text: string, by: { author: string }): void;
  relink(root: string, by: { author: string }): void;
  startRun(config: unknown): Run;
  /** Also used to mark a run found `running` with no live trainer as `interrupted`. */
  endRun(
    id: string,
    end: { status: Exclude<RunStatus, 'running'>; summary?: unknown; error?: string },
  ): void;
  resumeRun(id: string): void;
  saveScores(model: string, scores: readonly LabelScore[]): void;
  saveCalibration(model: string, content: unknown): void;
}

/** One stroke of the journal: what a rectangle of a mask was and became. */
export interface EncodedStroke {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The rectangle's pixels as runs (`contract/runs.ts`). */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A stroke whose runs fill its rectangle, with the pixels: a byte each, 0 or 1, row by row. */
export interface DecodedStroke extends EncodedStroke {
  readonly pixels: { readonly before: Uint8Array; readonly after: Uint8Array };
}

export interface StoredStroke extends EncodedStroke {
  readonly id: number;
  /** The revision that the journal of this label began from; 0: from an absent label. */
  readonly baseRevision: number;
  readonly author: string;
  readonly at: string;
}

/** Drawing that is not a revision yet, kept through a crash. */
export interface StrokeReader {
  /** Strokes of a label that no revision holds yet, in the order they were drawn. */
  strokes(id: string, structure: string): StoredStroke[];
  /** The label as it looks with its pending strokes; null when absent and nothing was drawn. */
  drawn(id: string, structure: string): Promise<Mask | null>;
}

export interface StrokeWriter {
  /** Undo is a stroke with `before` and `after` exchanged. */
  appendStroke(
    id: string,
    structure: string,
    stroke: DecodedStroke,
    by: { author: string },
  ): StoredStroke;
  /** Makes one revision of the pending strokes and empties the journal; null when there are none. */
  foldStrokes(
    id: string,
    structure: string,
    by: { author: string; reason?: string },
  ): Promise<LabelRevision | null>;
}
