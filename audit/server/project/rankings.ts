/** Rankings of the open project, each made or read once and kept until scores or labels change. */
import { LRUCache } from 'lru-cache';
import type { RankBy, RankPer } from '../../contract/terms.ts';
import { readCalibration } from '../../ranking/calibration.ts';
import type { Calibration } from '../../ranking/calibration.ts';
import { projectRanking } from '../../ranking/kept.ts';
import { rankingModel } from '../../ranking/model.ts';
import type { Ranking } from '../../ranking/ranking.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { Labels } from './labels.ts';

export interface RankingQuery {
  readonly by: RankBy;
  readonly per: RankPer;
  /** A run, or another model that scored; the newest finished run when left out. */
  readonly run?: string | undefined;
}


/** Measures and models whose rankings are kept. */
const KEPT = 4;

export class Rankings {
  readonly #project: ProjectReader;
  readonly #labels: Labels;
  readonly #rankings = new LRUCache<string, Readonly<Record<RankPer, Ranking>>>({ max: KEPT });
  readonly #calibrations = new Map<string, Calibration | null>();
  #model: string | null | undefined;

  constructor(project: ProjectReader, labels: Labels) {
    this.#project = project;
    this.#labels = labels;
  }

  clear(): void {
    this.#calibrations.clear();
    this.#model = undefined;
    this.labelsChanged();
  }

  /** Labels came or went: what models said stays. */
  labelsChanged(): void {
    this.#rankings.clear();
  }

  /**
   * The model that ranks; null when nothing was scored yet and none was asked for.
   * @throws UserError when `run` has no scores.
   */
  model(run?: string): string | null {
    if (run !== undefined) return rankingModel(this.#project, run);
    if (this.#model === undefined) {
      const none = this.#project.scoredModelNames().length === 0;
      this.#model = none ? null : rankingModel(this.#project);
    }
    return this.#model;
  }

  /** What the scores of a model mean in dice with the truth; null where nobody found out. */
  calibration(model: string): Calibration | null {
    let known = this.#calibrations.get(model);
    if (known === undefined) {
      known = readCalibration(this.#project.calibration(model));
      this.#calibrations.set(model, known);
    }
    return known;
  }

  /** @throws UserError when `run` has no scores, or the measure needs a segmenter it had not. */
  get({ by, per, run }: RankingQuery): Ranking | null {
    const model = this.model(run);
    if (model === null) return null;
    const key = `${by} ${model}`;
    const known = this.#rankings.get(key);
    if (known) return known[per];
    const made = projectRanking(this.#project, this.#labels.table, { by, model });
    this.#rankings.set(key, made);
    return made[per];
  }
}
