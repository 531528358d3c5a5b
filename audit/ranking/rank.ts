/**
 * The ranking of a project: which labels, or cases, to look at first, where each stood in the run
 * before, and the reasons in numbers.
 */
import { CaseColumn } from '../contract/terms.ts';
import type { CaseSummary, RankBy, RankEntry, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';
import { readCalibration } from './calibration.ts';
import { rankEntry } from './entry.ts';
import { projectRanking } from './kept.ts';
import { rankingModel } from './model.ts';

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

/** Every case, page by page. */
function* allCases(reader: ProjectReader): Generator<CaseSummary> {
  for (let offset = 0; ; offset += PAGE) {
    const page = reader.cases({ offset, limit: PAGE });
    yield* page;
    if (page.length < PAGE) return;
  }
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
  const ranking = projectRanking(reader, reader.labelTable(), { by, model })[per];
  const isWanted = wanted(reader, options.only ?? {});
  const summaries = new Map([...allCases(reader)].map((summary) => [summary.id, summary]));
  const scores = scoresByCase(reader.scores(model));
  const calibration = readCalibration(reader.calibration(model));
  return Array.from(ranking.order.cases, (place) => ranking.places.cases[place]).flatMap(
    (id, row): RankEntry[] => {
      const summary = summaries.get(id);
      if (!summary || !isWanted(summary)) return [];
      return [rankEntry(ranking, row, { summary, scores: scores.get(id) ?? [], calibration })];
    },
  );
}
