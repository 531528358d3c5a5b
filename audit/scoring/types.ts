/**
 * What passes between who scores a project, the scorer's process and its worker threads: plain data,
 * no pixels.
 */
import type { LabelScore } from '../store/types.ts';

/** One case to score: everything a worker needs to read it without the project's database. */
export interface CaseTask {
  readonly id: string;
  readonly imageFile: string;
  /** SHA-256 of the image file as it was imported. */
  readonly imageHash: string;
  readonly width: number;
  readonly height: number;
  /** Hash of the mask of each of the networks' structures, in their order; null when absent. */
  readonly masks: readonly (string | null)[];
}

/** Something that was not scored, or not as it was imported, and why: one sentence. */
export interface ScoreNotice {
  readonly case: string;
  readonly reason: string;
}

/** What a worker is started with. */
export interface WorkerSetup {
  readonly qam: string;
  /** Null: a QAM alone. */
  readonly segmenter: string | null;
  /** The project's `labels` folder. */
  readonly labels: string;
}

/** A chunk scored: the scores of all its labels that could be read. */
export interface ChunkResult {
  readonly cases: number;
  readonly scores: readonly LabelScore[];
  readonly notices: readonly ScoreNotice[];
}

/** The scores of a label without that of its case. */
export type OwnScore = Omit<LabelScore, 'caseScore'>;

/** A label with an error that was planted, as it scored, and its dice with what it was made of. */
export interface PlantedScore {
  readonly score: OwnScore;
  readonly dice: number;
}

export type WorkerMessage =
  | ({ readonly type: 'scored' } & ChunkResult)
  /** One sentence for a person (`user`), or a defect's stack. */
  | { readonly type: 'failed'; readonly message: string; readonly user: boolean };

/** To the scorer's process: first what to score with, then a chunk whenever it wants one. */
export type ToScorer =
  | { readonly type: 'open'; readonly setup: WorkerSetup; readonly threads: number }
  | { readonly type: 'score' }
  /** Plants errors on the labels of a sample set that are trusted (by their keys). */
  | { readonly type: 'plant'; readonly samples: string; readonly trusted: readonly string[] }
  /** Null: there are no more. */
  | { readonly type: 'chunk'; readonly tasks: readonly CaseTask[] | null };

/** From the scorer's process. */
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
  | { readonly type: 'failed'; readonly message: string; readonly user: boolean };
