/** Makes scores for tests; by default they are those of a good label. */
import type { RankBy, RankPer } from '../../../audit/contract/terms.ts';
import { ordersOf } from '../../../audit/ranking/order.ts';
import { columnsOf, namesOf } from '../../../audit/ranking/score-columns.ts';
import { typicalZ } from '../../../audit/ranking/z-scores.ts';
import type { LabelScore } from '../../../audit/store/types.ts';

const MASK = 'ab'.repeat(32);

export function scoreOf(
  id: string,
  structure: string,
  values: Partial<LabelScore> = {},
): LabelScore {
  return {
    case: id,
    structure,
    mask: MASK,
    caseScore: 0,
    learned: 0,
    dice: 0.95,
    disagreement: 0.05,
    softmin: 0.6,
    area: 0.2,
    proposalArea: 0.2,
    boundary: 0,
    boundaryOff: 0,
    kind: null,
    place: null,
    ...values,
  };
}

/** A label's score from a QAM alone: every value that needs a segmenter is null. */
export const aloneOf = (id: string, structure: string, learned: number): LabelScore =>
  scoreOf(id, structure, {
    learned,
    caseScore: learned,
    dice: null,
    disagreement: null,
    softmin: null,
    proposalArea: null,
    boundary: null,
    boundaryOff: null,
  });

/** The median z-score of each label within its cohort (`z-scores.ts`), in the order of `scores`. */
export const typicalOf = (scores: readonly LabelScore[]): number[] => [
  ...typicalZ(columnsOf(scores, namesOf(scores))),
];

export interface Ranked {
  readonly case: string;
  /** Null in a ranking per case. */
  readonly structure: string | null;
  readonly score: number;
}

/** Ranks scores, worst first. @returns the rows with the names of cases and structures */
export function orderScores(
  scores: readonly LabelScore[],
  { by, per }: { by: RankBy; per: RankPer },
): Ranked[] {
  const places = namesOf(scores);
  const order = ordersOf(columnsOf(scores, places), places, by)[per];
  return Array.from(order.scores, (score, row) => ({
    case: places.cases[order.cases[row]],
    structure: per === 'case' ? null : places.structures[order.structures[row]],
    score,
  }));
}
