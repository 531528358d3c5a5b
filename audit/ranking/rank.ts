/**
 * The ranking of a project: which labels, or cases, to look at first, where each stood in the run
 * before, and the reasons in numbers.
 */
import { CaseColumn } from '../contract/terms.ts';
import type { CaseSummary, LabelReasons, RankBy, RankEntry, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';
import { previousModel, rankingModel } from './model.ts';
import { orderScores } from './order.ts';
import type { Ranked } from './order.ts';
import { readCalibration } from './calibration.ts';
import { areaCohorts, reasonsOf } from './reasons.ts';

export interface RankOptions {
  /** Default `combined`. */
  readonly by?: RankBy;
  /** Default `case`. */
  readonly per?: RankPer;
  /** A run's id or a foreign model's; by default the newest finished run that has scores. */
  readonly model?: string;
  /** Only cases of which the dataset says this; empty: of which it says nothing. */
  readonly only?: Readonly<Partial<Record<CaseColumn, string>>>;
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

/** How many values a message lists. */
const LISTED = 12;

/**
 * Whether a case is among those asked for. What it is called in no dataset is a slip of the hand.
 * @throws UserError when no case has what is asked for.
 */
function wanted(
  reader: ProjectReader,
  only: NonNullable<RankOptions['only']>,
): (summary: CaseSummary) => boolean {
  const asked = CaseColumn.options.flatMap((column) => {
    const value = only[column];
    return value === undefined ? [] : [{ column, value }];
  });
  for (const { column, value } of asked) {
    const { values } = reader.columnTable(column);
    if (value === '' || values.includes(value)) continue;
    // Names of patients are never spelled out where nobody asked for them.
    const known = column === 'patient' || values.length > LISTED ? [] : values;
    const there =
      values.length === 0
        ? `the dataset names no ${column}`
        : known.length === 0
          ? 'check how it is written'
          : `there are ${known.join(', ')}`;
    throw new UserError(`No case has the ${column} "${value}": ${there}.`);
  }
  return (summary) => asked.every(({ column, value }) => (summary[column] ?? '') === value);
}

/**
 * Ranks the project's present labels or cases, worst first; equal scores in the order of their ids.
 * A label that was corrected since keeps its place until it is scored again. Excluded labels are
 * ranked too: their verdict stands beside them.
 * What is left out by `only` keeps the others' ranks as they are: places among all.
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
  const calibration = readCalibration(reader.calibration(model));
  const reasons = new Map<string, LabelReasons[]>();
  for (const score of scores) {
    const summary = summaries.get(score.case)!;
    const one = reasonsOf(score, cohorts.get(score.structure)!, summary, calibration);
    const key = keyOf(score.case, per === 'label' ? score.structure : null);
    const list = reasons.get(key);
    if (list) list.push(one);
    else reasons.set(key, [one]);
  }

  const shares = percentiles(ranked);
  const isWanted = wanted(reader, options.only ?? {});
  return ranked.flatMap(({ case: id, structure, score }, index) => {
    const summary = summaries.get(id)!;
    if (!isWanted(summary)) return [];
    const label = summary.labels.find((entry) => entry.structure === structure);
    const entry: RankEntry = {
      rank: index + 1,
      case: id,
      structure,
      score,
      percentile: shares[index],
      verdict: structure === null ? summary.verdict : (label?.verdict ?? null),
      previousRank: previousRanks.get(keyOf(id, structure)) ?? null,
      reasons: reasons.get(keyOf(id, structure)) ?? [],
    };
    return [entry];
  });
}
