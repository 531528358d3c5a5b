/**
 * Rankings of the open project. A ranking is computed, or read from the project's cache, when it is first
 * asked for. It is kept in memory until scores or labels change.
 */
import { LRUCache } from 'lru-cache';
import type { RankedBy } from '../../contract/api.ts';
import type { RankBy, RankPer } from '../../contract/terms.ts';
import { calibrationOf } from '../../ranking/calibration.ts';
import type { Calibration } from '../../ranking/calibration.ts';
import { projectRanking } from '../../ranking/kept.ts';
import { rankingModel } from '../../ranking/model.ts';
import { rankedBy } from '../../ranking/ranked-by.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { Labels } from './labels.ts';

/** Names one ranking of a project. */
export interface RankingChoice {
  readonly by: RankBy;
  readonly per: RankPer;
  /**
   * Id of a run, or hash of another model that scored. Default: the model that `rankingModel` chooses,
   * usually the newest finished run that did not collapse.
   */
  readonly run?: string | undefined;
}

/** For how many pairs of measure and model the rankings are kept. */
const KEPT = 4;

export class Rankings {
  readonly #project: ProjectReader;
  readonly #labels: Labels;
  readonly #rankings = new LRUCache<string, Readonly<Record<RankPer, Ranking>>>({ max: KEPT });
  readonly #calibrations = new Map<string, Calibration | null>();
  /** For each ranking of labels: which number orders it, and what is held against its model. */
  readonly #ranked = new WeakMap<Ranking, RankedBy>();
  #model: string | null | undefined;

  constructor(project: ProjectReader, labels: Labels) {
    this.#project = project;
    this.#labels = labels;
  }

  /** Drops everything, because scores changed. */
  clear(): void {
    this.#calibrations.clear();
    this.#model = undefined;
    this.labelsChanged();
  }

  /** Drops the rankings, but not the calibrations, because labels were added or removed. */
  labelsChanged(): void {
    this.#rankings.clear();
  }

  /**
   * The model whose scores give the ranking, or null if `run` is left out and nothing was scored yet.
   * @throws UserError when `run` has no scores
   */
  model(run?: string): string | null {
    if (run !== undefined) return rankingModel(this.#project, run);
    if (this.#model === undefined) {
      const isScored = this.#project.scoredModelNames().length > 0;
      this.#model = isScored ? rankingModel(this.#project) : null;
    }
    return this.#model;
  }

  /**
   * The calibration that turns a model's scores into an expected dice with the truth, or null if there
   * is none.
   */
  calibration(model: string): Calibration | null {
    let calibration = this.#calibrations.get(model);
    if (calibration === undefined) {
      calibration = calibrationOf(this.#project, model);
      this.#calibrations.set(model, calibration);
    }
    return calibration;
  }

  /**
   * @returns the ranking, or null if nothing was scored yet
   * @throws UserError when `run` has no scores, or when the measure needs a segmenter and the model had
   *   none
   */
  get({ by, per, run }: RankingChoice): Ranking | null {
    const model = this.model(run);
    if (model === null) return null;
    const key = `${by} ${model}`;
    const cached = this.#rankings.get(key);
    if (cached) return cached[per];
    const rankings = projectRanking(this.#project, this.#labels.table, { by, model });
    this.#rankings.set(key, rankings);
    return rankings[per];
  }

  /**
   * Which number orders the ranking, and what is held against its model; null if nothing was scored yet.
   * @throws UserError as `get`
   */
  ranked({ by, run }: Pick<RankingChoice, 'by' | 'run'>): RankedBy | null {
    const ranking = this.get({ by, per: 'label', run });
    if (ranking === null) return null;
    const ranked = this.#ranked.get(ranking) ?? rankedBy(this.#project, by, ranking);
    this.#ranked.set(ranking, ranked);
    return ranked;
  }
}
