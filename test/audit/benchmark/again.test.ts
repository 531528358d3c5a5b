import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCell } from '../../../audit/benchmark/cell.ts';
import { runCorrection } from '../../../audit/benchmark/correct.ts';
import { openExperimentData } from '../../../audit/benchmark/dataset.ts';
import { parseNoise } from '../../../audit/benchmark/noise.ts';
import { recutSampleSet } from '../../../audit/samples/recut.ts';
import { SampleSet } from '../../../models/sampleset.ts';
import { TINY, writeDiscs } from './fixture.ts';

const BACKEND = { backend: 'wasm' } as const;
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-again-'));
  await writeDiscs(join(folder, 'data'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('trainings on one sample set', { timeout: 300_000 }, () => {
  it('score each half of the cases with the networks that learned from the other half', async () => {
    const out = join(folder, 'crossfit');
    const folds: (number | null)[] = [];
    const result = await runCell({
      ...{ data: await openExperimentData(join(folder, 'data')), noise: parseNoise('shifted') },
      ...{ seed: 0, size: 16, training: { ...TINY, qam: false }, crossFit: true, out, ...BACKEND },
      onMessage: ({ type }, fold) => void (type === 'started' && folds.push(fold)),
    });
    expect(folds).toEqual([1, 2]);
    const seen = [1, 2].map(async (fold) => {
      const set = await SampleSet.open(join(out, 'run', `fold-${fold}`, 'samples.ovrset'));
      await set.close();
      return set.manifest.cases.filter(({ split }) => split === 'train').map(({ id }) => id);
    });
    const [first, second] = await Promise.all(seen);
    expect([...first, ...second].sort()).toEqual(Array.from({ length: 8 }, (_, i) => `t${i}`));
    expect(result.evaluations.filter(({ per }) => per === 'case').map(({ by }) => by)).toEqual([
      'cross-fitted-disagreement',
      'cross-fitted-softmin',
      'cross-fitted-pixel-issues',
    ]);
    expect(result.evaluations[0]).toMatchObject({ count: 8, errors: 2 });
    expect(result.testDice).toHaveLength(2);
    expect(result.kinds?.every(({ kind }) => kind === 'shifted')).toBe(true);
  });

  it('continue on corrected labels, and evaluate only the cases that were not corrected', async () => {
    const common = { seed: 0, training: TINY, ...BACKEND };
    const data = await openExperimentData(join(folder, 'data'));
    const base = join(folder, 'base');
    const correct = { cases: 3, order: 'rank' } as const;
    const again = { ...common, base, correct, out: join(folder, 'corrected') };
    await expect(runCorrection(again)).rejects.toThrow(/no networks to continue from/);
    await runCell({ ...common, data, noise: parseNoise('high'), size: 16, out: base });
    const result = await runCorrection(again);
    const corrected = JSON.parse(
      readFileSync(join(again.out, 'corrected.json'), 'utf8'),
    ) as string[];
    expect(corrected).toHaveLength(3);
    expect((result.found ?? 0) + result.damaged).toBe(4);
    const combined = result.evaluations.find(({ by }) => by === 'combined');
    expect(combined).toMatchObject({ count: 5, errors: result.damaged });
    const set = await SampleSet.open(join(again.out, 'samples.ovrset'));
    for (const [index, { id, masks }] of set.manifest.cases.entries()) {
      if (!corrected.includes(id)) continue;
      const { labels, truth } = await set.read(index);
      expect(labels).toEqual(truth);
      expect(masks).toEqual(['true', 'true']);
    }
    await set.close();
    const tooMany = { ...again, correct: { cases: 9, order: 'random' as const } };
    const other = { ...tooMany, out: join(folder, 'too-many') };
    await expect(runCorrection(other)).rejects.toThrow(/has 8 training cases/);
  });

  it('leave out the cases to which no split is given', async () => {
    const [from, to] = [join(folder, 'base', 'samples.ovrset'), join(folder, 'cut.ovrset')];
    await recutSampleSet(from, to, (id) => (id === 't3' ? 'train' : null));
    const [before, after] = [await SampleSet.open(from), await SampleSet.open(to)];
    expect(after.manifest.cases.map(({ id }) => id)).toEqual(['t3']);
    expect(await after.read(0)).toEqual(await before.read(3));
    await before.close();
    await after.close();
  });
});
