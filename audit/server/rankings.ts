/** Rankings of the open project, each computed once and kept until scores or labels change. */
import type { RankBy, RankEntry, RankPer } from '../contract/terms.ts';
import { rankProject, rankingModel } from '../ranking/rank.ts';
import type { ProjectReader } from '../store/types.ts';

export interface RankingQuery {
  readonly by: RankBy;
  readonly per: RankPer;
  /** A run, or another model that scored; the newest finished run when left out. */
  readonly run?: string | undefined;
}

export interface Ranking {
  readonly model: string;
  /** Worst first. */
  readonly entries: readonly RankEntry[];
  /** By `labelKey` (a case's: without a structure). */
  readonly byKey: ReadonlyMap<string, RankEntry>;
  /** The hash of the mask that was scored, by `labelKey`. */
  readonly scored: ReadonlyMap<string, string>;
}

export const labelKey = (id: string, structure: string | null): string =>
  structure === null ? id : `${id}\n${structure}`;

/** Rankings that are kept; each is a few hundred bytes a label. */
const KEPT = 6;

export class Rankings {
  readonly #project: ProjectReader;
  readonly #kept = new Map<string, Ranking>();
  readonly #scored = new Map<string, ReadonlyMap<string, string>>();
  readonly #worst = new Map<string, ReadonlyMap<string, string>>();

  constructor(project: ProjectReader) {
    this.#project = project;
  }

  clear(): void {
    this.#kept.clear();
    this.#scored.clear();
    this.#worst.clear();
  }

  /**
   * The model that ranks; null when nothing was scored yet and none was asked for.
   * @throws UserError when `run` has no scores.
   */
  model(run?: string): string | null {
    if (run === undefined && this.#project.scoredModels().length === 0) return null;
    return rankingModel(this.#project, run);
  }

  /** @throws UserError when `run` has no scores, or the measure needs a segmenter it had not. */
  get({ by, per, run }: RankingQuery): Ranking | null {
    const model = this.model(run);
    if (model === null) return null;
    const key = `${by} ${per} ${model}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const entries = rankProject(this.#project, { by, per, model });
    const byKey = new Map(entries.map((entry) => [labelKey(entry.case, entry.structure), entry]));
    const ranking = { model, entries, byKey, scored: this.#scoredOf(model) };
    if (this.#kept.size >= KEPT) {
      const oldest = this.#kept.keys().next().value;
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(key, ranking);
    return ranking;
  }

  /** The structure of each case to look at first: that of its label with the lowest rank. */
  worst({ by, run }: Omit<RankingQuery, 'per'>): ReadonlyMap<string, string> {
    const ranking = this.get({ by, per: 'label', run });
    if (!ranking) return new Map();
    const key = `${by} ${ranking.model}`;
    const known = this.#worst.get(key);
    if (known) return known;
    const worst = new Map<string, string>();
    for (const { case: id, structure } of ranking.entries) {
      if (structure !== null && !worst.has(id)) worst.set(id, structure);
    }
    this.#worst.set(key, worst);
    return worst;
  }

  #scoredOf(model: string): ReadonlyMap<string, string> {
    let scored = this.#scored.get(model);
    if (!scored) {
      const scores = this.#project.scores(model);
      scored = new Map(scores.map((score) => [labelKey(score.case, score.structure), score.mask]));
      this.#scored.set(model, scored);
    }
    return scored;
  }
}
