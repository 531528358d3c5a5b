/**
 * The messages between the process of the project, the scorer's process and its threads. They hold no
 * pixels.
 */
import type { LabelScore } from '../store/types.ts';

/** One case to score, with all that a worker needs to read it without the project's database. */
export interface CaseTask {
  readonly id: string;
  readonly imageFile: string;
  /** SHA-256 of the image file as it was imported. */
  readonly imageHash: string;
  readonly width: number;
  readonly height: number;
  /** Hash of the mask of each structure, in the order of the networks; null if the label is absent. */
  readonly masks: readonly (string | null)[];
}

/** One sentence on why a case was not scored, or was scored from a changed image. */
export interface ScoreNotice {
  readonly case: string;
  readonly reason: string;
}

/** The files of a pair of networks that were trained together. */
export interface PairFiles {
  /** Path of the QAM. */
  readonly qam: string;
  /** Path of the segmenter; null if the QAM scores alone. */
  readonly segmenter: string | null;
  /** Ids of the cases that the pair did not learn from, as far as another pair makes them matter. */
  readonly heldOut: readonly string[];
}

/** The start data of a worker. */
export interface WorkerSetup {
  /** One pair, or several that judge every label together (`pairs.ts`). */
  readonly pairs: readonly PairFiles[];
  /** The project's `labels` folder. */
  readonly labels: string;
}

/** The result for a chunk: the scores of the labels of all cases that could be read. */
export interface ChunkResult {
  readonly cases: number;
  readonly scores: readonly LabelScore[];
  readonly notices: readonly ScoreNotice[];
}

/** The scores of a label without the score of its case. */
export type OwnScore = Omit<LabelScore, 'caseScore'>;

/** What was done to a label on which an error was planted. */
export const PLANTED_KINDS = [
  'eroded',
  'dilated',
  'shifted',
  'missing-part',
  'one-sided',
  'ragged',
  'warped',
  'other',
  'omitted',
  'invented',
] as const;
export type PlantedKind = (typeof PLANTED_KINDS)[number];

/** The score of a label with a planted error, and its dice with the label before the damage. */
export interface PlantedScore {
  readonly kind: PlantedKind;
  readonly score: OwnScore;
  readonly dice: number;
}

/** An error: `message` is one sentence for a person if `user`, else the stack trace of a defect. */
export interface Failure {
  readonly type: 'failed';
  readonly message: string;
  readonly user: boolean;
}

export type WorkerMessage = ({ readonly type: 'scored' } & ChunkResult) | Failure;

/** Messages to the scorer's process: `open`, then `score` or `plant`; a `chunk` answers each `want`. */
export type ToScorer =
  | { readonly type: 'open'; readonly setup: WorkerSetup; readonly threads: number }
  | { readonly type: 'score' }
  /** Plants errors on the labels that have these keys in the sample set at the path `samples`. */
  | { readonly type: 'plant'; readonly samples: string; readonly trusted: readonly string[] }
  /** `tasks` is null after the last chunk. */
  | { readonly type: 'chunk'; readonly tasks: readonly CaseTask[] | null };

/** Messages from the scorer's process. */
export type FromScorer =
  | {
      readonly type: 'opened';
      readonly width: number;
      readonly height: number;
      readonly structures: readonly string[];
    }
  | { readonly type: 'want' }
  | { readonly type: 'scored'; readonly result: ChunkResult }
  | { readonly type: 'planting'; readonly done: number; readonly total: number }
  | { readonly type: 'planted'; readonly planted: readonly PlantedScore[] }
  | { readonly type: 'done' }
  | Failure;
