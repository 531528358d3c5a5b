/** Orders the labels of a case. Pure. */
import type { CaseDetail } from '../../audit/contract/api.ts';

/** The labels of a case, the lowest score first; those without a score come last. */
export const worstFirst = (labels: CaseDetail['labels']): CaseDetail['labels'] =>
  [...labels].sort((one, other) => (one.ranks.score ?? Infinity) - (other.ranks.score ?? Infinity));
