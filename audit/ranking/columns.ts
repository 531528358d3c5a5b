/**
 * A ranking as columns of numbers: what a queue of 100,000 cases is paged, filtered and counted
 * from. Cases and structures are named by their places in the project.
 */
import type { RankBy, RankPer } from '../contract/terms.ts';
import type { ProjectReader } from '../store/types.ts';
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
}

export interface RankColumns {
  readonly by: RankBy;
  readonly model: string;
  readonly labels: Order;
  readonly cases: Order;
  /** Of each structure, the areas of its labels. */
  readonly cohorts: ReadonlyMap<string, Spread>;
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
    };
  };
  const cohorts = areaCohorts(scores);
  return { by, model, labels: orderOf('label'), cases: orderOf('case'), cohorts };
}
