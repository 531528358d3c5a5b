/** Evaluates the networks without training them: scores, dice, batch statistics. */
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { SampleSet } from '../models/sampleset.ts';
import { mean } from '../models/statistics.ts';
import { disposeBatch, drawnMasks, orderedBatches, readBatch } from './batches.ts';
import type { Batch } from './batches.ts';
import type { Learner } from './learner.ts';
import type { Tf } from './backends/types.ts';
import type { Network } from './network.ts';

/** The QAM's score of every case with its given labels, by the index of the case. */
export async function scoreCases(
  tf: Tf,
  learner: Learner,
  set: SampleSet,
  cases: readonly number[],
  batchSize: number,
): Promise<Map<number, number>> {
  const scores = new Map<number, number>();
  for (const indices of orderedBatches(cases, batchSize)) {
    const batch = await readBatch(tf, set, indices);
    (await learner.score(batch)).forEach((score, slot) => scores.set(indices[slot], score));
    disposeBatch(batch);
  }
  return scores;
}

/**
 * By structure, the mean dice of the segmenter's masks (threshold 0.5) with the true masks, or with the
 * given labels that count if the sample set has no true masks. Empty masks are left out: their dice is 0
 * or 1, so a segmenter that draws nothing would do well where most masks are empty.
 * @returns null for a structure without a mask that is drawn; null in place of the array without cases
 */
export async function evaluateDice(
  tf: Tf,
  learner: Learner,
  set: SampleSet,
  cases: readonly number[],
  batchSize: number,
): Promise<(number | null)[] | null> {
  if (cases.length === 0) return null;
  const found = set.manifest.structures.map((): number[] => []);
  for (const indices of orderedBatches(cases, batchSize)) {
    const batch = await readBatch(tf, set, indices);
    const { probabilities } = await learner.segment(batch);
    const masks = batch.truth ?? batch.labels;
    const dice = await hardDice(tf, probabilities, masks);
    const drawn = await drawnMasks(tf, masks);
    indices.forEach((index, slot) => {
      found.forEach((values, structure) => {
        const at = slot * found.length + structure;
        if (drawn[at] && (batch.truth || set.manifest.cases[index].present[structure])) {
          values.push(dice[at]);
        }
      });
    });
    probabilities.dispose();
    disposeBatch(batch);
  }
  return found.map((values) => (values.length > 0 ? mean(values) : null));
}

/** Dice between masks and thresholded probabilities, [batch · structures]; 1 if both are empty. */
export async function hardDice(
  tf: Tf,
  probabilities: Tensor4D,
  masks: Tensor4D,
): Promise<Float32Array> {
  const found = tf.tidy(() => {
    const predicted = tf.cast(tf.greater(probabilities, 0.5), 'float32');
    const overlap = tf.sum<Tensor2D>(tf.mul(predicted, masks), [1, 2]);
    const total = tf.add<Tensor2D>(tf.sum(predicted, [1, 2]), tf.sum(masks, [1, 2]));
    // If both masks are empty, the dice is 0 / 0, which counts as 1.
    const empty = tf.cast(tf.equal(total, 0), 'float32');
    return tf.div(tf.add(tf.mul(overlap, 2), empty), tf.add(total, empty));
  });
  const dice = await found.data<'float32'>();
  found.dispose();
  return dice;
}

/**
 * Measures all batch statistics again with the current weights. This is needed after weights were
 * averaged: averaged statistics do not fit the averaged weights (Izmailov et al., "Averaging weights leads
 * to wider optima", UAI 2018).
 */
export async function remeasureStatistics(
  tf: Tf,
  learner: Learner,
  set: SampleSet,
  cases: readonly number[],
  batchSize: number,
): Promise<void> {
  const networks: [Network, (batch: Batch) => Tensor4D][] = [
    [learner.segmenter, (batch) => batch.image],
    [learner.qam, (batch) => learner.qamInput(batch)],
  ];
  for (const [network, inputOf] of networks) {
    const sums = new Map<string, { mean: Float64Array; variance: Float64Array }>();
    let batches = 0;
    for (const indices of orderedBatches(cases, batchSize)) {
      // Leaves out a last batch that is smaller: if it had one case only, there would be no variance.
      if (indices.length < batchSize) continue;
      const batch = await readBatch(tf, set, indices);
      const seen: { layer: string; mean: Tensor1D; variance: Tensor1D }[] = [];
      tf.tidy(() => {
        network.train(inputOf(batch), (layer, mean, variance) => {
          seen.push({ layer, mean: tf.keep(mean), variance: tf.keep(variance) });
        });
      });
      for (const { layer, mean, variance } of seen) {
        const sum = sums.get(layer) ?? {
          mean: new Float64Array(mean.size),
          variance: new Float64Array(variance.size),
        };
        await add(sum.mean, mean);
        await add(sum.variance, variance);
        sums.set(layer, sum);
      }
      batches += 1;
      disposeBatch(batch);
    }
    const weights = await network.weights();
    for (const [layer, { mean, variance }] of sums) {
      weights.set(
        `${layer}/mean`,
        Float32Array.from(mean, (value) => value / batches),
      );
      weights.set(
        `${layer}/variance`,
        Float32Array.from(variance, (value) => value / batches),
      );
    }
    network.load(weights);
  }
}

/** Adds a tensor's values to `sum`, and frees the tensor. */
async function add(sum: Float64Array, tensor: Tensor1D): Promise<void> {
  (await tensor.data()).forEach((value, index) => {
    sum[index] += value;
  });
  tensor.dispose();
}
