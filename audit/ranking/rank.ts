/**
 * Makes the rows of a ranking: each label or case with its rank, its rank by the run before the ranking
 * model, and the reasons.
 */
import type { RankedBy } from '../contract/api.ts';
import { CaseColumn } from '../contract/terms.ts';
import type { CaseSummary, RankBy, RankEntry, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import { allCases } from '../store/all-cases.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';
import { calibrationOf } from './calibration.ts';
import { rankEntry } from './entry.ts';
import { projectRanking } from './kept.ts';
import { modelJudgement, rankingModel } from './model.ts';
import { rankedBy } from './ranked-by.ts';

export interface RankOptions {
  /** Default `combined`. */
  readonly by?: RankBy;
  /** Default `case`. */
  readonly per?: RankPer;
  /** The id of a run or of a foreign model; by default the model that `rankingModel` chooses. */
  readonly model?: string;
  /**
   * Gives only the rows of cases with these values in these columns of the dataset. An empty string asks for
   * cases without a value in the column.
   */
  readonly only?: Readonly<Partial<Record<CaseColumn, string>>>;
}

function scoresByCase(scores: readonly LabelScore[]): Map<string, LabelScore[]> {
  const cases = new Map<string, LabelScore[]>();
  for (const score of scores) {
    const own = cases.get(score.case);
    if (own) own.push(score);
    else cases.set(score.case, [score]);
  }
  return cases;
}

/** A message lists at most this many values. */
const LISTED = 12;

/**
 * Makes the test whether a case has the values that `only` asks for.
 * @throws UserError when there is a value that no case has: it is probably misspelt.
 */
function caseFilter(
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
    // A message never spells out the names of patients.
    const listed = column === 'patient' || values.length > LISTED ? [] : values;
    const there =
      values.length === 0
        ? `the dataset names no ${column}`
        : listed.length === 0
          ? 'check how it is written'
          : `there are ${listed.join(', ')}`;
    throw new UserError(`No case has the ${column} "${value}": ${there}.`);
  }
  return (summary) => asked.every(({ column, value }) => (summary[column] ?? '') === value);
}

/**
 * Describes the ranking whose rows `rankProject` gives: its model, what its scores are, the structures that
 * the model has not learned, and a collapse.
 * @throws UserError as `rankProject`
 */
export function rankedProject(
  reader: ProjectReader,
  options: Pick<RankOptions, 'by' | 'model'> = {},
): RankedBy {
  const by = options.by ?? 'combined';
  const model = rankingModel(reader, options.model);
  return rankedBy(reader, by, projectRanking(reader, reader.labelTable(), { by, model }).label);
}

/**
 * Ranks the project's present labels or cases, worst first; equal scores are in the order of their ids. A
 * corrected label keeps its rank until it is scored again. Excluded labels are ranked, too. `only` leaves
 * rows out but does not change ranks, which always count all labels or cases.
 * @throws UserError when nothing was scored, the measure needs a segmenter and the scores have none, or
 * `only` names a value that no case has.
 */
export function rankProject(reader: ProjectReader, options: RankOptions = {}): RankEntry[] {
  const by = options.by ?? 'combined';
  const per = options.per ?? 'case';
  const model = rankingModel(reader, options.model);
  const ranking = projectRanking(reader, reader.labelTable(), { by, model })[per];
  const isWanted = caseFilter(reader, options.only ?? {});
  const summaries = new Map([...allCases(reader)].map((summary) => [summary.id, summary]));
  const { unlearned } = modelJudgement(reader, model);
  const scores = scoresByCase(
    reader.scores(model).filter(({ structure }) => !unlearned.has(structure)),
  );
  const calibration = calibrationOf(reader, model);
  return Array.from(ranking.order.cases, (place) => ranking.places.cases[place]).flatMap(
    (id, row): RankEntry[] => {
      const summary = summaries.get(id);
      if (!summary || !isWanted(summary)) return [];
      return [rankEntry(ranking, row, { summary, scores: scores.get(id) ?? [], calibration })];
    },
  );
}
