import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SampleSet } from '../../../models/sampleset.ts';
import { openOnly } from '../../../trainer/backends/index.ts';
import { disposeBatch, epochOrder, readBatch } from '../../../trainer/batches.ts';
import { Learner } from '../../../trainer/learner.ts';
import type { BackendName } from '../../../trainer/messages.ts';
import { areaShares, labelAreas } from '../../../trainer/split.ts';
import { tryBackend } from '../../../trainer/probe.ts';
import { discSampleSet, smallConfig } from '../fixture.ts';

const STEPS = 20;
const tensorflow = await tryBackend('tensorflow');
if (!tensorflow.works) process.stderr.write(`Skipped: ${tensorflow.why}\n`);

/** The weighted losses of the first 20 steps: ten steps of warm-up, then ten with the QAM. */
async function losses(name: BackendName, set: SampleSet): Promise<number[]> {
  const backend = await openOnly(name);
  const config = smallConfig({ learningRate: 1e-3, qamLearningRate: 1e-3 });
  const cases = set.manifest.cases.map((_, index) => index);
  const learner = new Learner(backend, config, areaShares(set, await labelAreas(set), cases));
  const found: number[] = [];
  for (let epoch = 1; found.length < STEPS; epoch++) {
    for (const indices of epochOrder(cases, config.batch, config.seed, epoch)) {
      const batch = await readBatch(backend.tf, set, indices);
      const say = found.length < STEPS / 2 ? 0 : 1;
      found.push((await learner.step(batch, say)).weightedLoss);
      disposeBatch(batch);
    }
  }
  return found.slice(0, STEPS);
}

it.skipIf(!tensorflow.works)(
  'the same training has the same first 20 losses on TensorFlow and on WebAssembly, to 1e-3',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'overread-agreement-'));
    const set = await SampleSet.open(await discSampleSet(folder, { wrong: [0, 3] }));
    const wasm = await losses('wasm', set);
    const native = await losses('tensorflow', set);
    native.forEach((loss, step) =>
      expect(Math.abs(loss - wasm[step]), `step ${step}`).toBeLessThan(1e-3),
    );
    expect(native[STEPS - 1]).toBeLessThan(native[0]);
    await set.close();
    await rm(folder, { recursive: true });
  },
);
