/** The trained networks' results on the cases, from which `collapse.ts` and `learned.ts` judge. */
import type { SampleSet } from '../models/sampleset.ts';
import { disposeBatch, orderedBatches, readBatch } from './batches.ts';
import type { Tf } from './backends/types.ts';
import { hardDice } from './evaluation.ts';
import type { Learner } from './learner.ts';

/** The QAM's score of one case, and the case's labels that count. */
export interface CaseView {
  /** Index into the sample set. */
  readonly index: number;
  readonly score: number;
  readonly labels: readonly LabelView[];
}

export interface LabelView {
  readonly structure: number;
  /** Dice of the label with the segmenter's mask, 0 … 1. */
  readonly dice: number;
  /** Share of the image covered by the label and by the segmenter's mask, 0 … 1. */
  readonly area: number;
  readonly proposalArea: number;
}

/** Runs both networks on `cases`, which are indices into the sample set. */
export async function viewCases(
  tf: Tf,
  learner: Learner,
  set: SampleSet,
  cases: readonly number[],
  batchSize: number,
): Promise<CaseView[]> {
  const { structures } = set.manifest;
  const views: CaseView[] = [];
  for (const indices of orderedBatches(cases, batchSize)) {
    const batch = await readBatch(tf, set, indices);
    const scores = await learner.score(batch);
    const { probabilities } = await learner.segment(batch);
    const dice = await hardDice(tf, probabilities, batch.labels);
    const shares = tf.tidy(() => {
      const drawn = tf.cast(tf.greater(probabilities, 0.5), 'float32');
      return [batch.labels, drawn].map((masks) => tf.mean(masks, [1, 2]));
    });
    const [areas, proposalAreas] = await Promise.all(shares.map((one) => one.data<'float32'>()));
    tf.dispose(shares);
    indices.forEach((index, slot) => {
      const labels = structures.flatMap((_, structure): LabelView[] => {
        if (!set.manifest.cases[index].present[structure]) return [];
        const at = slot * structures.length + structure;
        return [{ structure, dice: dice[at], area: areas[at], proposalArea: proposalAreas[at] }];
      });
      views.push({ index, score: scores[slot], labels });
    });
    probabilities.dispose();
    disposeBatch(batch);
  }
  return views;
}
