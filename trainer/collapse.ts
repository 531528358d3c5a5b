/** WIP */
import type { SampleSet } from '../models/sampleset.ts';
import { disposeBatch, inOrder, readBatch } from './batches.ts';
import { hardDice } from './evaluation.ts';
import type { Learner } from './learner.ts';
import type { Tf } from './losses.ts';
import type { CollapseReport, EpochMetrics } from './messages.ts';
import { meanOf, spearman } from './statistics.ts';

export async function assessCollapse(
  tf: Tf,
  learner: Learner,
  set: SampleSet,
  cases: readonly number[],
  batchSize: number,
  metrics: readonly EpochMetrics[],
): Promise<CollapseReport> {
  const rows: { score: number; agreement: number; area: number; dice: number[]; loss: number[] }[] =
    [];
  const count = set.manifest.structures.length;
  for (const indices of inOrder(cases, batchSize)) {
    const batch = await readBatch(tf, set, indices);
    const scores = learner.score(batch);
    const { probabilities, labelLosses } = learner.segment(batch);
    const dice = hardDice(tf, probabilities, batch.labels);
    const areas = tf.tidy(() => tf.mean(batch.labels, [1, 2]).dataSync<'float32'>());
    indices.forEach((_, slot) => {
      const of = (values: Float32Array): number[] => [
        ...values.subarray(slot * count, (slot + 1) * count),
      ];
      rows.push({
        score: scores[slot],
        agreement: meanOf(of(labelLosses)),
        area: meanOf(of(areas)),
        dice: of(dice),
        loss: of(labelLosses),
      });
    });
    probabilities.dispose();
    disposeBatch(batch);
  }
  const scores = rows.map((row) => row.score);
  const sorted = [...rows].sort((a, b) => b.score - a.score);
  const half = Math.floor(rows.length / 2);
  const signs = {
    scoreArea: spearman(
      scores,
      rows.map((row) => row.area),
    ),
    scoreAgreement: spearman(
      scores,
      rows.map((row) => -row.agreement),
    ),
    trusted: meanOf(sorted.slice(0, half).map((row) => meanOf(row.dice))),
    distrusted: meanOf(sorted.slice(-half).map((row) => meanOf(row.dice))),
  };
  void metrics;
  return { collapsed: false, message: '', signs };
}
