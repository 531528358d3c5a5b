/**
 * The ranking of a project: which labels, or cases, to look at first, where each stood in the run
 * before, and the reasons in numbers.
 */
import type { CaseSummary, LabelReasons, RankBy, RankEntry, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';
import { orderScores } from './order.ts';
import type { Ranked } from './order.ts';
import { robustZ, spread } from './robust.ts';
import type { Spread } from './robust.ts';

export interface RankOptions {
  /** Default `combined`. */
  readonly by?: RankBy;
  /** Default `case`. */
  readonly per?: RankPer;
  /** A run's id or a foreign model's; by default the newest finished run that has scores. */
  readonly model?: string;
}

const PAGE = 1000;
const keyOf = (id: string, structure: string | null): string => `${id}\0${structure ?? ''}`;

/** Every case, page by page. */
function* allCases(reader: ProjectReader): Generator<CaseSummary> {
  for (let offset = 0; ; offset += PAGE) {
    const page = reader.cases({ offset, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
  }
}

/** Finished runs that have scores, newest first. */
function scoredRuns(reader: ProjectReader): string[] {
  const scored = new Set(reader.scoredModels().map(({ model }) => model));
  // Stable: runs of one millisecond keep the order they were started in.
  return reader
    .runs()
    .filter((run) => run.status === 'done' && scored.has(run.id))
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
    .map((run) => run.id)
    .reverse();
}

/**
 * The model a ranking uses: `asked`, else the newest finished run with scores, else the model that
 * scored last.
 * @throws UserError when it has no scores.
 */
export function rankingModel(reader: ProjectReader, asked?: string): string {
  const models = reader.scoredModels();
  if (asked !== undefined) {
    if (models.some(({ model }) => model === asked)) return asked;
    throw new UserError(
      `${reader.folder} has no scores of the model ${asked}: run "overread score" with it first.`,
    );
  }
  const newest = models.reduce<{ model: string; at: string } | null>(
    (best, entry) => (best === null || entry.at > best.at ? entry : best),
    null,
  );
  const model = scoredRuns(reader)[0] ?? newest?.model;
  if (model === undefined) {
    throw new UserError(
      `${reader.folder} has no scores yet: run "overread train" or "overread score" first.`,
    );
  }
  return model;
}

/** The run before `model` that has scores; null when there is none or `model` is not a run. */
export function previousModel(reader: ProjectReader, model: string): string | null {
  const runs = scoredRuns(reader);
  const at = runs.indexOf(model);
  return at < 0 ? null : (runs[at + 1] ?? null);
}

/** The median area of every structure's labels, as a share of the image, and its spread. */
function areaCohorts(scores: readonly LabelScore[]): Map<string, Spread> {
  const areas = new Map<string, number[]>();
  for (const { structure, area } of scores) {
    const list = areas.get(structure);
    if (list) list.push(area);
    else areas.set(structure, [area]);
  }
  return new Map([...areas].map(([structure, list]) => [structure, spread(list)]));
}

/** Lengths of a score are in pixels at 256²; a person thinks in those of the label. */
function reasonsOf(score: LabelScore, cohort: Spread, summary: CaseSummary): LabelReasons {
  const scale = Math.sqrt(summary.width * summary.height) / 256;
  return {
    structure: score.structure,
    dice: score.dice,
    areaRatio: cohort.centre > 0 ? score.area / cohort.centre : 1,
    areaZ: robustZ(score.area, cohort),
    boundary: score.boundary === null ? null : score.boundary * scale,
    boundaryOff: score.boundaryOff,
    learned: score.learned,
    softmin: score.softmin,
  };
}

/** What is ranked: the scores of labels that are present now. */
export interface Field {
  readonly scores: LabelScore[];
  readonly summaries: Map<string, CaseSummary>;
}

/** The scores of the labels that are present now, and all cases. */
export function presentScores(reader: ProjectReader, model: string): Field {
  const summaries = new Map<string, CaseSummary>();
  const present = new Set<string>();
  for (const summary of allCases(reader)) {
    summaries.set(summary.id, summary);
    for (const label of summary.labels) {
      if (label.state !== 'absent') present.add(keyOf(summary.id, label.structure));
    }
  }
  const scores = reader
    .scores(model)
    .filter((score) => present.has(keyOf(score.case, score.structure)));
  return { scores, summaries };
}

/** For each score, sorted: the share of all scores that are strictly lower. */
function percentiles(ranked: readonly Ranked[]): number[] {
  let lower = 0;
  return ranked.map((entry, index) => {
    if (index > 0 && entry.score > ranked[index - 1].score) lower = index;
    return lower / ranked.length;
  });
}

/**
 * Ranks the project's present labels or cases, worst first; equal scores in the order of their ids.
 * A label that was corrected since keeps its place until it is scored again. Excluded labels are
 * ranked too: their verdict stands beside them.
 * @throws UserError when nothing was scored, or the measure needs a segmenter that was not there.
 */
export function rankProject(reader: ProjectReader, options: RankOptions = {}): RankEntry[] {
  const by = options.by ?? 'combined';
  const per = options.per ?? 'case';
  const model = rankingModel(reader, options.model);
  const { scores, summaries } = presentScores(reader, model);
  const ranked = orderScores(scores, { by, per });

  const before = previousModel(reader, model);
  const previousRanks = new Map<string, number>();
  if (before !== null) {
    orderScores(presentScores(reader, before).scores, { by, per }).forEach((entry, index) => {
      previousRanks.set(keyOf(entry.case, entry.structure), index + 1);
    });
  }

  const cohorts = areaCohorts(scores);
  const reasons = new Map<string, LabelReasons[]>();
  for (const score of scores) {
    const summary = summaries.get(score.case)!;
    const one = reasonsOf(score, cohorts.get(score.structure)!, summary);
    const key = keyOf(score.case, per === 'label' ? score.structure : null);
    const list = reasons.get(key);
    if (list) list.push(one);
    else reasons.set(key, [one]);
  }

  const shares = percentiles(ranked);
  return ranked.map(({ case: id, structure, score }, index) => {
    const summary = summaries.get(id)!;
    const label = summary.labels.find((entry) => entry.structure === structure);
    return {
      rank: index + 1,
      case: id,
      structure,
      score,
      percentile: shares[index],
      verdict: structure === null ? summary.verdict : (label?.verdict ?? null),
      previousRank: previousRanks.get(keyOf(id, structure)) ?? null,
      reasons: reasons.get(keyOf(id, structure)) ?? [],
    };
  });
}
