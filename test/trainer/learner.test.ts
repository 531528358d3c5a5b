import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SampleSet } from '../../models/sampleset.ts';
import { openBackend } from '../../trainer/backends/index.ts';
import type { Backend } from '../../trainer/backends/index.ts';
import { disposeBatch, epochOrder, readBatch } from '../../trainer/batches.ts';
import { augmentation } from '../../trainer/augment.ts';
import { Learner } from '../../trainer/learner.ts';
import type { TrainConfig } from '../../trainer/messages.ts';
import { SIDE, discSampleSet, smallConfig } from './fixture.ts';

let folder: string;
let backend: Backend;
let set: SampleSet;
const SHARES = [0.15, 0.03].map((share) => ({ all: share, drawn: share }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-learner-'));
  backend = await openBackend('wasm', () => undefined);
  set = await SampleSet.open(await discSampleSet(folder, { wrong: [0], absent: [1] }));
});
afterAll(async () => {
  await set.close();
  await rm(folder, { recursive: true });
});

describe('a step', () => {
  it('lowers the loss, in warm-up and with the QAM, with every objective that weighs', async () => {
    for (const qamObjective of ['dice', 'size-neutral', 'presence-neutral'] as const) {
      const learner = new Learner(backend, smallConfig({ qamObjective }), SHARES);
      const batch = await readBatch(backend.tf, set, [2, 3, 4, 5]);
      const mean = (losses: Float32Array): number => losses.reduce((a, b) => a + b, 0) / 4;
      const first = mean((await learner.step(batch, 0)).losses);
      for (let i = 0; i < 5; i++) await learner.step(batch, 0);
      for (let i = 0; i < 5; i++) await learner.step(batch, 1);
      expect(mean((await learner.step(batch, 1)).losses)).toBeLessThan(first);
      disposeBatch(batch);
    }
  });

  it('weighs cases evenly in warm-up and does not change the QAM', async () => {
    const learner = new Learner(backend, smallConfig(), SHARES);
    const before = await learner.qam.weights();
    const batch = await readBatch(backend.tf, set, [2, 3, 4, 5]);
    expect([...(await learner.step(batch, 0)).weights]).toEqual([1, 1, 1, 1]);
    expect(await learner.qam.weights()).toEqual(before);
    disposeBatch(batch);
  });

  it('gives weights that average to one when the QAM judges', async () => {
    const learner = new Learner(backend, smallConfig(), SHARES);
    const batch = await readBatch(backend.tf, set, [0, 1, 2, 3]);
    const { weights } = await learner.step(batch, 1);
    expect(weights.reduce((sum, weight) => sum + weight, 0) / 4).toBeCloseTo(1, 5);
    expect(new Set(weights).size).toBeGreaterThan(1);
    disposeBatch(batch);
  });

  it.each<Partial<TrainConfig>>([
    { qamObjective: 'plain' },
    { segmenterLoss: 'dice', qamObjective: 'size-neutral' },
    { scores: 'label', qamObjective: 'dice' },
    { seesProposal: true },
  ])('trains both networks in the variant %o', async (variant) => {
    const learner = new Learner(backend, smallConfig(variant), SHARES);
    const batch = await readBatch(backend.tf, set, [2, 3, 4, 5]);
    // `presence-neutral` compares a loss with those of earlier steps, so one step must come first.
    await learner.step(batch, 0);
    const before = [await learner.segmenter.weights(), await learner.qam.weights()];
    const { losses } = await learner.step(batch, 1);
    expect(losses.every((loss) => loss > 0 && loss < 1)).toBe(true);
    for (const [index, network] of [learner.segmenter, learner.qam].entries()) {
      const after = await network.weights();
      for (const name of ['map/filter', 'logits/filter']) {
        const values = before[index].get(name);
        if (values) expect(after.get(name)).not.toEqual(values);
      }
      expect([...after.values()].every((values) => values.every(Number.isFinite))).toBe(true);
    }
    disposeBatch(batch);
  });

  it('weighs labels structure by structure when labels are scored', async () => {
    const learner = new Learner(backend, smallConfig({ scores: 'label' }), SHARES);
    const batch = await readBatch(backend.tf, set, [0, 1, 2, 3]);
    const { weights } = await learner.step(batch, 1);
    expect(weights.reduce((sum, weight) => sum + weight, 0) / 4).toBeCloseTo(1, 5);
    expect(await learner.score(batch)).toHaveLength(4);
    disposeBatch(batch);
  });

  it('frees the tensors that it makes', async () => {
    const variant = { scores: 'label', seesProposal: true, qamObjective: 'plain' } as const;
    for (const config of [smallConfig(), smallConfig(variant)]) await frees(config);
  });

  async function frees(config: TrainConfig): Promise<void> {
    const learner = new Learner(backend, config, SHARES);
    const batch = await readBatch(backend.tf, set, [0, 1, 2, 3]);
    await learner.step(batch, 1);
    const before = backend.tf.memory().numTensors;
    await learner.step(batch, 1);
    await learner.score(batch);
    (await learner.segment(batch)).probabilities.dispose();
    expect(backend.tf.memory().numTensors).toBe(before);
    disposeBatch(batch);
  }
});

describe('an absent label', () => {
  it('changes neither the loss nor the gradient by its pixels', async () => {
    const results = [0, 1].map(async (fill) => {
      const learner = new Learner(backend, smallConfig(), SHARES);
      const batch = await readBatch(backend.tf, set, [1, 2, 3, 4], (index, _, labels) => {
        if (index !== 1) return;
        for (let pixel = 1; pixel < labels.length; pixel += 2) labels[pixel] = fill;
      });
      expect(batch.incomplete).toBe(true);
      const { losses, weights } = await learner.step(batch, 1);
      disposeBatch(batch);
      return { losses, weights, after: await learner.segmenter.weights() };
    });
    const [zeros, ones] = await Promise.all(results);
    expect(ones).toEqual(zeros);
  });
});

describe('the order of an epoch', () => {
  it('depends only on seed and epoch, and uses every case at most once', () => {
    const cases = Array.from({ length: 11 }, (_, index) => index * 2);
    const order = epochOrder(cases, 4, 7, 3);
    expect(order).toEqual(epochOrder(cases, 4, 7, 3));
    expect(order).not.toEqual(epochOrder(cases, 4, 7, 4));
    expect(order.map((batch) => batch.length)).toEqual([4, 4]);
    expect(new Set(order.flat()).size).toBe(8);
  });
});

describe('augmentation', () => {
  it('moves image and labels alike, keeps labels binary and is repeatable', async () => {
    const sample = await set.read(2);
    const pixels = SIDE * SIDE;
    const run = (): { image: Float32Array; labels: Float32Array } => {
      // The image and both labels hold the first label's mask, so all three must move alike.
      const labels = Float32Array.from({ length: pixels * 2 }, (_, i) => sample.labels[i >> 1]);
      const image = Float32Array.from(sample.labels.subarray(0, pixels));
      augmentation(SIDE, SIDE, 2, 1, 5)(2, image, labels);
      return { image, labels };
    };
    const { image, labels } = run();
    expect(run()).toEqual({ image, labels });
    expect(labels.every((value) => value === 0 || value === 1)).toBe(true);
    let agree = 0;
    const [low, high] = [Math.min(...image), Math.max(...image)];
    for (let pixel = 0; pixel < pixels; pixel++) {
      const inside = image[pixel] > (low + high) / 2 ? 1 : 0;
      if (inside === labels[pixel * 2]) agree += 1;
    }
    expect(agree / pixels).toBeGreaterThan(0.99);
  });
});
