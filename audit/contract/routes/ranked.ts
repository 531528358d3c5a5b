/** What is known of a ranking: which number orders it, and what is held against its model. */
import { z } from 'zod';
import { RankBy, RankNumber, StructureName } from '../terms.ts';

export const RankedBy = z.object({
  /** Id of the run, or hash of another model, whose scores give the ranking. */
  model: z.string(),
  by: RankBy,
  /** What the numbers of the ranking are. Labels of the structures in `uncalibrated` have another. */
  number: RankNumber,
  /**
   * Structures with labels that have no expected dice in a ranking by expected dice: the number of such a
   * label is its agreement with the segmenter.
   */
  uncalibrated: z.array(StructureName),
  /**
   * The structures that the model has not learned: their labels are not ranked. `why` is the end of a
   * sentence.
   */
  unlearned: z.array(z.object({ structure: StructureName, why: z.string() })),
  /** One sentence if the model's training collapsed; else null. */
  collapse: z.string().nullable(),
  /**
   * The newest run that has scores but does not rank, because it collapsed; null if there is none, or if
   * another model was asked for.
   */
  passedOver: z.object({ run: z.string(), collapse: z.string() }).nullable(),
  /** Whether the model ranks because a person chose it. */
  chosen: z.boolean(),
});
export type RankedBy = z.infer<typeof RankedBy>;
