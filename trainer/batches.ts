/** Deals cases into mini-batches and reads their pixels as tensors. */
import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { zScore } from '../models/preprocess.ts';
import { Random } from '../models/random.ts';
import type { SampleSet } from '../models/sampleset.ts';
import type { Tf } from './backends/types.ts';
import type { Augment } from './augment.ts';

/** One mini-batch. Free it with `disposeBatch`. */
export interface Batch {
  /** Indices into the sample set. */
  readonly cases: readonly number[];
  /** [batch, height, width, 1], z-scored. */
  readonly image: Tensor4D;
  /** [batch, height, width, structures], 0 or 1. */
  readonly labels: Tensor4D;
  /** [batch, structures]: 1 where the label counts, 0 where it is absent or excluded. */
  readonly present: Tensor2D;
  /** The true masks, shaped like `labels`, or null if the sample set has none. For reporting only. */
  readonly truth: Tensor4D | null;
  /** True if one or more labels of the batch do not count. */
  readonly incomplete: boolean;
}

/**
 * The mini-batches of one epoch. They depend only on seed and epoch, so a resumed training sees the same
 * ones. All have `size` cases, because the softmax of the OCM compares a fixed number of samples. The
 * cases that do not fill a batch are left out: in each epoch other ones.
 */
export function epochOrder(
  cases: readonly number[],
  size: number,
  seed: number,
  epoch: number,
): number[][] {
  const order = Random.forTraining(seed, 'order', epoch).shuffle(cases);
  const whole = Math.floor(order.length / size);
  return Array.from({ length: whole }, (_, index) => order.slice(index * size, (index + 1) * size));
}

/** All cases once, in order, in batches of at most `size`. */
export function orderedBatches(cases: readonly number[], size: number): number[][] {
  const batches: number[][] = [];
  for (let start = 0; start < cases.length; start += size) {
    batches.push(cases.slice(start, start + size));
  }
  return batches;
}

/** Reads a mini-batch. `augment` changes an image and its labels in the same way. */
export async function readBatch(
  tf: Tf,
  set: SampleSet,
  cases: readonly number[],
  augment?: Augment,
): Promise<Batch> {
  const { width, height, structures, truth: hasTruth } = set.manifest;
  const pixels = width * height;
  const count = structures.length;
  const images = new Float32Array(cases.length * pixels);
  const labels = new Float32Array(cases.length * pixels * count);
  const truth = hasTruth ? new Float32Array(labels.length) : null;
  const present = new Float32Array(cases.length * count);
  for (const [slot, index] of cases.entries()) {
    const sample = await set.read(index);
    const image = images.subarray(slot * pixels, (slot + 1) * pixels);
    zScore(sample.image, image);
    interleave(sample.labels, count, labels, slot * pixels * count);
    if (truth && sample.truth) interleave(sample.truth, count, truth, slot * pixels * count);
    augment?.(index, image, labels.subarray(slot * pixels * count, (slot + 1) * pixels * count));
    set.manifest.cases[index].present.forEach((counts, structure) => {
      present[slot * count + structure] = counts ? 1 : 0;
    });
  }
  const planes: [number, number, number, number] = [cases.length, height, width, count];
  return {
    cases,
    image: tf.tensor4d(images, [cases.length, height, width, 1]),
    labels: tf.tensor4d(labels, planes),
    truth: truth ? tf.tensor4d(truth, planes) : null,
    present: tf.tensor2d(present, [cases.length, count]),
    incomplete: present.includes(0),
  };
}

export function disposeBatch(batch: Batch): void {
  batch.image.dispose();
  batch.labels.dispose();
  batch.present.dispose();
  batch.truth?.dispose();
}

/** @param masks [batch, height, width, structures]; @returns whether each is drawn, [batch · structures] */
export async function drawnMasks(tf: Tf, masks: Tensor4D): Promise<boolean[]> {
  const most = tf.max(masks, [1, 2]);
  const values = await most.data();
  most.dispose();
  return Array.from(values, (value) => value > 0);
}

/** Copies masks that are stored plane by plane into `out`, where a pixel's structures lie side by side. */
function interleave(planes: Uint8Array, count: number, out: Float32Array, start: number): void {
  const pixels = planes.length / count;
  for (let structure = 0; structure < count; structure++) {
    const base = structure * pixels;
    for (let pixel = 0, to = start + structure; pixel < pixels; pixel++, to += count) {
      out[to] = planes[base + pixel];
    }
  }
}
