import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCell } from '../../../audit/benchmark/cell.ts';
import { openExperimentData, withGivenLabels } from '../../../audit/benchmark/dataset.ts';
import { givenErrors } from '../../../audit/benchmark/given.ts';
import { givenNoise } from '../../../audit/benchmark/noise.ts';
import { packExperiment } from '../../../audit/benchmark/pack.ts';
import { phantomsFor, writePhantomExperiment } from '../../../audit/benchmark/phantoms.ts';
import { TINY, writeDiscs } from './fixture.ts';

let folder = '';
let root = '';
let labels = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-given-'));
  [root, labels] = [join(folder, 'data'), join(folder, 'labels')];
  await writeDiscs(root);
  // The given labels are of lungs alone. The cases t0 and t6 get the label of t7: it is wrong for t0, and
  // nearly right for t6.
  cpSync(join(root, 'lung'), join(labels, 'lung'), { recursive: true });
  cpSync(join(root, 'lung', 't7.png'), join(labels, 'lung', 't0.png'));
  cpSync(join(root, 'lung', 't7.png'), join(labels, 'lung', 't6.png'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('labels that are wrong already', { timeout: 300_000 }, () => {
  it('are those of the folder, and the truth those of the dataset', async () => {
    const data = await withGivenLabels(await openExperimentData(root), labels);
    expect(data.structures).toEqual(['lung']);
    expect(data.maskFile('t0', 'lung')).toBe(join(root, 'lung', 't0.png'));
    expect(data.given?.maskFile('t0', 'lung')).toBe(join(labels, 'lung', 't0.png'));
    const other = join(folder, 'other');
    cpSync(labels, other, { recursive: true });
    rmSync(join(other, 'lung', 't3.png'));
    const opened = await openExperimentData(root);
    await expect(withGivenLabels(opened, other)).rejects.toThrow(/no file for "t3"/);
    await expect(withGivenLabels(opened, folder)).rejects.toThrow(/no folder of lung or heart/);
    await expect(withGivenLabels(opened, join(folder, 'none'))).rejects.toThrow(/given labels/);
  });

  it('are trained on and judged against the truth, at every threshold', async () => {
    const data = await withGivenLabels(await openExperimentData(root), labels);
    const options = {
      ...{ data, noise: givenNoise(labels), seed: 0, size: 32, training: TINY },
      ...{ out: join(folder, 'cell'), backend: 'wasm' as const },
    };
    const result = await runCell(options);
    expect(result).toMatchObject({ damaged: 1, cases: 8, structures: ['lung'] });
    expect(result.evaluations.length).toBeGreaterThan(8);
    for (const { errors, levels, spearman } of result.evaluations) {
      expect(errors).toBe(1);
      expect(levels?.map(({ below }) => below)).toEqual([0.95, 0.9, 0.85]);
      expect(spearman).not.toBeNull();
    }
    expect(result.expected?.levels?.[0].labels).toBe(0);
    expect(result.kinds?.every(({ kind }) => kind === 'given')).toBe(true);
    const moved = { ...data, given: data.given && { ...data.given, root } };
    await expect(runCell({ ...options, data: moved })).rejects.toThrow(/another experiment/);
  });

  it('have the kinds of their truth file', async () => {
    const data = await withGivenLabels(await openExperimentData(root), labels);
    const samples = join(folder, 'samples.ovrset');
    const noise = givenNoise(labels);
    expect(await packExperiment(samples, { data, noise, seed: 0, size: 64 })).toEqual([]);
    const [plain] = await givenErrors(samples, labels);
    expect(plain).toMatchObject({ case: 't0', structure: 'lung', kind: 'given' });
    const errors = [{ case: 't0', structure: 'lung', kind: 'dilated' }];
    const truth = { version: 1, errors, cases: ['t0'] };
    writeFileSync(join(labels, 'truth.json'), JSON.stringify(truth));
    expect(await givenErrors(samples, labels)).toEqual([{ ...plain, kind: 'dilated' }]);
  });

  it('may be those of phantoms with lesions, whose true masks lie beside them', async () => {
    expect([2, 7, 14, 200].map((training) => phantomsFor(training))).toEqual([3, 9, 18, 250]);
    const out = join(folder, 'phantoms');
    const lesions = { share: 0.5, errorShare: 1 };
    const splits = await writePhantomExperiment(out, { count: 10, size: 64, seed: 0, lesions });
    const data = await openExperimentData(out);
    expect(data.structures).toEqual(['lung', 'heart', 'clavicle', 'lesion']);
    const samples = join(folder, 'lesions.ovrset');
    const noise = { kind: 'lesions' as const, present: 0.5, share: 1 };
    await packExperiment(samples, { data, noise, seed: 0, size: 64 });
    const found = await givenErrors(samples, out);
    expect(found.length).toBeGreaterThan(2);
    for (const { case: id, structure, kind } of found) {
      expect(structure).toBe('lesion');
      expect(splits.train).toContain(id);
      expect(['omitted', 'invented', 'half', 'shifted', 'dilated']).toContain(kind);
      expect(data.maskFile(id, 'lesion')).toContain(join('truth', 'lesion'));
    }
  });
});
