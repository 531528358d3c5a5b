/** Scores for the tests: a good label by default. */
import type { LabelScore } from '../../../audit/store/types.ts';

export const MASK = 'ab'.repeat(32);

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
    ...values,
  };
}

/** A score of a QAM alone. */
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
