/** Removes the ranking and the networks' output from a case, for a blind check. */
import type { CaseDetail } from '../../audit/contract/api.ts';

const UNKNOWN = { rank: null, score: null, number: null, percentile: null, previousRank: null };

export function veiled(detail: CaseDetail): CaseDetail {
  return {
    ...detail,
    ranks: UNKNOWN,
    labels: detail.labels.map((label) => ({
      ...label,
      ranks: UNKNOWN,
      reasons: null,
      words: [],
    })),
    proposal: false,
    quality: false,
  };
}
