import { mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openModel } from '../../models/onnx/inference.ts';
import { SampleSet } from '../../models/sampleset.ts';
import { openBackend } from '../../trainer/backends/index.ts';
import type { Backend } from '../../trainer/backends/index.ts';
import { disposeBatch, readBatch } from '../../trainer/batches.ts';
import { checkpointEpochs, lastCheckpoint } from '../../trainer/checkpoint.ts';
import { runTrainJob } from '../../trainer/job.ts';
import { LearnedReport } from '../../trainer/messages.ts';
import type { EpochMetrics, TrainerMessage } from '../../trainer/messages.ts';
import { TrainingCancelled, train } from '../../trainer/training.ts';
import type { Control, Trained, TrainingJob } from '../../trainer/training.ts';
import { discSampleSet, smallConfig } from './fixture.ts';

let folder: string;
let backend: Backend;
const go: Control = { gate: async () => undefined };

beforeAll(async () => {
  backend = await openBackend('wasm', () => undefined);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-training-'));
});
afterEach(() => rm(folder, { recursive: true }));

function job(sampleSet: string, change: Partial<TrainingJob> = {}): TrainingJob {
  const config = smallConfig();
  return { sampleSet, runFolder: folder, config, resume: false, startFrom: null, ...change };
}

/** Trains, closes the sample set and returns the summary. The run's files are in `folder`. */
async function trainAndClose(...args: Parameters<typeof train>): Promise<Trained['summary']> {
  const { set, summary } = await train(...args);
  await set.close();
  return summary;
}

async function metrics(): Promise<Omit<EpochMetrics, 'seconds'>[]> {
  const text = await readFile(join(folder, 'metrics.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const { seconds, ...rest } = JSON.parse(line) as EpochMetrics;
      expect(seconds).toBeGreaterThan(0);
      return rest;
    });
}

/** Cancels the training after `epoch` whole epochs and `steps` more steps. */
function cancelAfter(epoch: number, steps: number): Control {
  let count = 0;
  return {
    gate: async (done) => {
      if (done === epoch && count++ === steps) throw new TrainingCancelled(done);
    },
  };
}

describe('a training', () => {
  it('continues with the same curve after a stop in the middle of an epoch', async () => {
    const set = await discSampleSet(folder);
    await trainAndClose(backend, job(set), () => undefined, go);
    const whole = await metrics();
    expect(whole.map((line) => line.phase)).toEqual(['warm-up', 'warm-up', 'joint', 'joint']);
    for (const file of await readdir(folder)) {
      if (file !== 'samples.ovrset') await rm(join(folder, file));
    }

    await expect(train(backend, job(set), () => undefined, cancelAfter(2, 1))).rejects.toThrow(
      TrainingCancelled,
    );
    expect(await checkpointEpochs(folder)).toEqual([1, 2]);
    const messages: TrainerMessage[] = [];
    await trainAndClose(
      backend,
      job(set, { resume: true }),
      (message) => messages.push(message),
      go,
    );
    expect(messages[0]).toMatchObject({ type: 'started', epoch: 2 });
    const resumed = await metrics();
    expect(resumed.map((line) => line.epoch)).toEqual([1, 2, 3, 4]);
    resumed.forEach((line, index) => expect(line.loss).toBeCloseTo(whole[index].loss, 4));
  });

  it('resumes from the last but one checkpoint when the last is damaged', async () => {
    const set = await discSampleSet(folder);
    await expect(train(backend, job(set), () => undefined, cancelAfter(2, 0))).rejects.toThrow();
    const [, newest] = (await readdir(folder))
      .filter((name) => name.startsWith('checkpoint'))
      .sort();
    await truncate(join(folder, newest), 1000);
    expect((await lastCheckpoint(folder))?.state.epoch).toBe(1);
  });

  it('starts from the averaged weights of another run', async () => {
    const set = await discSampleSet(folder);
    const first = join(folder, 'first');
    const start = { type: 'train', runId: 'first', backend: 'wasm', ...job(set) } as const;
    await runTrainJob({ ...start, runFolder: first }, () => undefined, go);
    const fresh = (await readFile(join(first, 'metrics.jsonl'), 'utf8')).split('\n')[0];
    await trainAndClose(backend, job(set, { startFrom: first }), () => undefined, go);
    const [again] = await metrics();
    expect(again.phase).toBe('warm-up');
    expect(again.loss).toBeLessThan((JSON.parse(fresh) as EpochMetrics).loss);
  });

  it('stops early when the dice of the validation cases no longer rises', async () => {
    const set = await discSampleSet(folder, { count: 12 });
    const config = smallConfig({ epochs: 40, validationShare: 0.25, patience: 2, warmUp: 1 });
    const summary = await trainAndClose(backend, job(set, { config }), () => undefined, go);
    expect(summary).toMatchObject({ stoppedEarly: true });
    expect(summary['epochs']).toBeLessThan(40);
  });

  it('learns a structure that two of five images show', async () => {
    // From the dice loss alone the segmenter would not learn to draw the small disc: its dice stays 0.
    const set = await discSampleSet(folder, { count: 40, shows: (index) => index % 5 < 2 });
    const config = smallConfig({
      ...{ epochs: 7, batch: 8, warmUp: 6, averageEpochs: 1, validationShare: 0.2 },
    });
    const messages: TrainerMessage[] = [];
    const summary = await trainAndClose(
      backend,
      job(set, { config }),
      (message) => messages.push(message),
      go,
    );
    const learned = z.array(LearnedReport).parse(summary['learned']);
    expect(learned).toMatchObject([
      { structure: 'large', learned: true, drawn: 40, heldOut: true },
      { structure: 'small', learned: true, drawn: 16, heldOut: true },
    ]);
    expect(learned[1].dice).toBeGreaterThan(0.4);
    expect(messages).toContainEqual({ type: 'learned', reports: learned });
  });

  it('says in one sentence that one case is not enough', async () => {
    const set = await discSampleSet(folder, { count: 1 });
    await expect(train(backend, job(set), () => undefined, go)).rejects.toThrow(/at least 2/);
  });

  it('keeps each case’s score, loss and weight, epoch by epoch', async () => {
    const set = await discSampleSet(folder, { count: 8, test: 2 });
    await trainAndClose(backend, job(set), () => undefined, go);
    const lines = (await readFile(join(folder, 'scores.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { averaged: boolean; scores: number[] | null });
    expect(lines.map((line) => line.averaged)).toEqual([false, false, false, false, true]);
    expect(lines[1].scores).toBeNull();
    expect(lines[4].scores?.map((score) => score === null)).toEqual([
      ...Array<boolean>(8).fill(false),
      true,
      true,
    ]);
  });
});

describe('the exported networks', () => {
  it('give the same in ONNX Runtime as in the trainer', async () => {
    const path = await discSampleSet(folder, { absent: [3] });
    const { learner, set } = await train(backend, job(path), () => undefined, go);
    const runFolder = join(folder, 'run');
    const start = { type: 'train', runId: 'r-1', backend: 'wasm', ...job(path) } as const;
    await runTrainJob({ ...start, runFolder }, () => undefined, go);
    const batch = await readBatch(backend.tf, set, [0, 1, 2]);
    for (const network of [learner.segmenter, learner.qam]) {
      const model = await openModel(join(runFolder, `${network.graph.name}.onnx`));
      expect(model).toMatchObject({ structures: ['large', 'small'], width: 32, runId: 'r-1' });
      const input = network === learner.qam ? learner.qamInput(batch) : batch.image;
      const planes = backend.tf.transpose(input, [0, 3, 1, 2]);
      const found = await model.run(Float32Array.from(planes.dataSync<'float32'>()), 3);
      const expected = network.infer(input);
      for (const [name, tensor] of Object.entries(expected)) {
        const ordered = tensor.rank === 4 ? backend.tf.transpose(tensor, [0, 3, 1, 2]) : tensor;
        const values = ordered.dataSync<'float32'>();
        expect(found[name]).toHaveLength(values.length);
        const worst = values.reduce(
          (most, value, index) => Math.max(most, Math.abs(value - found[name][index])),
          0,
        );
        expect(worst, name).toBeLessThan(1e-4);
      }
      await model.close();
    }
    disposeBatch(batch);
    await set.close();
  });

  it('leave a complete run folder and no checkpoints', async () => {
    const path = await discSampleSet(folder);
    const runFolder = join(folder, 'run');
    const start = { type: 'train', runId: 'r', backend: 'wasm', ...job(path) } as const;
    await runTrainJob({ ...start, runFolder }, () => undefined, go);
    expect((await readdir(runFolder)).sort()).toEqual([
      'held-out.json',
      'metrics.jsonl',
      'qam.onnx',
      'run.json',
      'scores.jsonl',
      'segmenter.onnx',
      'weights.safetensors',
    ]);
    const set = await SampleSet.open(path);
    await set.close();
  });
});
