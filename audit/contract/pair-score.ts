/** What one pair of networks, a segmenter and a QAM, measures of a label. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** Of a run with several pairs; the fields are those of `LabelScore`, where each is the mean of the pairs. */
export const PairScore = z.object({
  learned: z.number(),
  dice: share.nullable(),
  disagreement: z.number().nullable(),
  softmin: z.number().nullable(),
  proposalArea: share.nullable(),
  boundary: z.number().nullable(),
  boundaryOff: share.nullable(),
});
export type PairScore = z.infer<typeof PairScore>;

/**
 * The place in `scores` of the pair that agrees least with the label; 0 without scores. It says which pair's
 * proposal explains the score.
 */
export function harshestPair(scores: readonly Pick<PairScore, 'dice'>[] | undefined): number {
  return (scores ?? []).reduce(
    (found, { dice }, place, all) => ((dice ?? 1) < (all[found].dice ?? 1) ? place : found),
    0,
  );
}
