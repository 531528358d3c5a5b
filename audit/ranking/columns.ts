/**
 * A ranking as columns of numbers: what a queue of 100,000 cases is paged, filtered and counted
 * from. Cases and structures are named by their places in the project.
 */
import type { RankBy, RankPer } from '../contract/terms.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';
import { expectedDice, readCalibration } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { previousModel } from './model.ts';
import { orderScores } from './order.ts';
import type { Ranked } from './order.ts';
import { areaCohorts } from './reasons.ts';
import type { Spread } from './robust.ts';

/** Labels or cases, worst first; one entry a row in each column. */
export interface Order {
  /** Place of the case in import order. */
  readonly cases: Uint32Array;
  /** Place of the structure; 0 in an order of cases. */
  readonly structures: Uint16Array;
  /** Lower is worse. */
  readonly scores: Float64Array;
  /** Rank in the run before, from 1; 0 where there was none. */
  readonly previous: Uint32Array;
  /** Dice expected with the truth (of a case, of its worst label); NaN where it is not known. */
  readonly expected: Float32Array;
}

export interface RankColumns {
  readonly by: RankBy;
  readonly model: string;
  readonly labels: Order;
  readonly cases: Order;
  /** Of each structure, the areas of its labels. */
  readonly cohorts: ReadonlyMap<string, Spread>;
}

const nameOf = (one: Pick<Ranked, 'case' | 'structure'>): string =>
  `${one.case}\0${one.structure ?? ''}`;

/** What is expected of each label, and of each case (without a structure) as of its worst label. */
function expectedByName(
  calibration: Calibration | null,
  scores: readonly LabelScore[],
): Map<string, number> {
  const known = new Map<string, number>();
  if (calibration === null) return known;
  for (const score of scores) {
    const dice = expectedDice(calibration, score)?.dice;
    if (dice === undefined) continue;
    known.set(nameOf(score), dice);
    const whole = nameOf({ case: score.case, structure: null });
    known.set(whole, Math.min(known.get(whole) ?? 1, dice));
  }
  return known;
}

/**
 * Ranks everything that a model scored by one measure, as `rankProject` does; what of it is absent by
 * now is for who shows it to leave out.
 * @param cases the project's, in import order
 * @throws UserError when the measure needs a segmenter that was not there.
 */
export function rankColumns(
  reader: ProjectReader,
  cases: readonly string[],
  { by, model }: { by: RankBy; model: string },
): RankColumns {
  const caseAt = new Map(cases.map((id, index) => [id, index]));
  const structureAt = new Map(reader.structures.map(({ name }, index) => [name, index]));
  const places = (entry: Ranked): [number, number] => [
    caseAt.get(entry.case) ?? 0,
    entry.structure === null ? 0 : (structureAt.get(entry.structure) ?? 0),
  ];
  const key = (entry: Ranked): number => {
    const [index, structure] = places(entry);
    return index * structureAt.size + structure;
  };
  const scores = reader.scores(model);
  const expected = expectedByName(readCalibration(reader.calibration(model)), scores);
  const before = previousModel(reader, model);
  const scoresBefore = before === null ? [] : reader.scores(before);
  const orderOf = (per: RankPer): Order => {
    const previous = new Map<number, number>();
    if (scoresBefore.length > 0) {
      orderScores(scoresBefore, { by, per }).forEach((entry, row) =>
        previous.set(key(entry), row + 1),
      );
    }
    const ranked = orderScores(scores, { by, per });
    return {
      cases: Uint32Array.from(ranked, (entry) => places(entry)[0]),
      structures: Uint16Array.from(ranked, (entry) => places(entry)[1]),
      scores: Float64Array.from(ranked, (entry) => entry.score),
      previous: Uint32Array.from(ranked, (entry) => previous.get(key(entry)) ?? 0),
      expected: Float32Array.from(ranked, (entry) => expected.get(nameOf(entry)) ?? NaN),
    };
  };
  const cohorts = areaCohorts(scores);
  return { by, model, labels: orderOf('label'), cases: orderOf('case'), cohorts };
}
