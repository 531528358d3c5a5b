import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCell } from '../../../audit/benchmark/cell.ts';
import { openExperimentData } from '../../../audit/benchmark/dataset.ts';
import { readEpochScores } from '../../../audit/benchmark/epochs.ts';
import { parseNoise } from '../../../audit/benchmark/noise.ts';
import { scoreSamples } from '../../../audit/benchmark/scores.ts';
import { openNetworks } from '../../../audit/scoring/networks.ts';
import { SampleSet } from '../../../models/sampleset.ts';
import { TINY, writeDiscs } from './fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'overread-variants-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('an exported QAM that scores labels and sees the proposal gives the scores of its training', async () => {
  await writeDiscs(join(folder, 'data'));
  const out = join(folder, 'cell');
  const variant = { scores: 'label', seesProposal: true } as const;
  const result = await runCell({
    ...{ data: await openExperimentData(join(folder, 'data')), noise: parseNoise('high') },
    ...{ seed: 0, size: 16, training: { ...TINY, ...variant }, out, backend: 'wasm' },
  });
  expect(result.evaluations.some(({ by, per }) => by === 'learned' && per === 'label')).toBe(true);

  const run = join(out, 'run');
  const set = await SampleSet.open(join(out, 'samples.ovrset'));
  const { scores } = await scoreSamples(set, run, {});
  await set.close();
  const trained = (await readEpochScores(join(run, 'scores.jsonl'))).find((one) => one.averaged);
  set.manifest.cases.forEach(({ id }, index) => {
    const ours = scores.filter((score) => score.case === id).map(({ caseScore }) => caseScore);
    if (ours.length === 0) return;
    expect(ours[0]).toBeCloseTo(trained?.scores?.[index] ?? NaN, 3);
  });
  // The two labels of a case have different scores.
  const own = scores.filter((score) => score.case === 't0').map(({ learned }) => learned);
  expect(new Set(own).size).toBe(2);

  const alone = openNetworks(join(run, 'qam.onnx'), null);
  await expect(alone).rejects.toThrow(/needs the segmenter's output: give .* of the same run/);
}, 300_000);
