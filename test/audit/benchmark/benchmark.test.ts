import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCell } from '../../../audit/benchmark/cell.ts';
import { openExperimentData, subsetOf } from '../../../audit/benchmark/dataset.ts';
import { parseNoise } from '../../../audit/benchmark/noise.ts';
import { evenlySpaced, readOutlines } from '../../../audit/benchmark/outlines.ts';
import { packExperiment } from '../../../audit/benchmark/pack.ts';
import { writePhantomExperiment } from '../../../audit/benchmark/phantoms.ts';
import { SampleSet } from '../../../models/sampleset.ts';
import { TINY, writeDiscs } from './fixture.ts';

let folder = '';
let root = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-benchmark-'));
  root = join(folder, 'data');
  await writeDiscs(root);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the noise of an experiment', () => {
  it('is given by its name or by its radii', () => {
    expect(parseNoise('high')).toEqual({ share: 0.5, from: 5, to: 13, mode: 'both' });
    expect(parseNoise('all-large')).toEqual({ share: 0.3, from: 8, to: 13, mode: 'dilate' });
    expect(parseNoise('2..4', { share: 0.1, mode: 'erode' })).toEqual({
      share: 0.1,
      from: 2,
      to: 4,
      mode: 'erode',
    });
    for (const text of ['loud', '4..2', '0..3', '1..']) {
      expect(() => parseNoise(text)).toThrow(
        /is unknown: give none, low, high, all-large, shifted, .*radii/,
      );
    }
    expect(() => parseNoise('constructor')).toThrow(/is unknown/);
  });

  it('may imitate the errors of people, in one structure or in all', () => {
    expect(parseNoise('shifted')).toEqual({ kind: 'shifted', share: 0.3 });
    expect(parseNoise('generous')).toEqual({ kind: 'generous', share: 0.2 });
    expect(parseNoise('leak', { share: 0.1, structures: 'one' })).toEqual({
      ...{ kind: 'leak', share: 0.1, structures: 'one' },
    });
    expect(parseNoise('people', { structures: 'all' })).toMatchObject({ structures: 'all' });
    for (const name of ['leak', 'high']) {
      expect(parseNoise(name, { structures: 'all' })).toEqual(parseNoise(name));
    }
    expect(() => parseNoise('leak', { mode: 'erode' })).toThrow(/leave it out with "leak"/);
    expect(() => parseNoise('generous', { structures: 'one' })).toThrow(/all structures/);
  });
});

describe('the data of an experiment', () => {
  it('is found by its folders and its file of splits', async () => {
    const data = await openExperimentData(root);
    expect(data.structures).toEqual(['lung', 'heart']);
    expect(data.maskFile('t3', 'heart')).toBe(join(root, 'heart', 't3.png'));
  });

  it('is refused in a sentence that names what is missing', async () => {
    await expect(openExperimentData(join(folder, 'none'))).rejects.toThrow(
      /none is not a readable folder/,
    );
    await expect(openExperimentData(join(root, 'images'))).rejects.toThrow(/folder "images"/);
    const splits = join(folder, 'splits.json');
    writeFileSync(splits, JSON.stringify({ train: ['t0', 'missing'], test: [] }));
    await expect(openExperimentData(root, splits)).rejects.toThrow(/no file for "missing"/);
  });

  it('may be phantoms with clean labels, which are made only once', async () => {
    const out = join(folder, 'phantoms');
    const options = { count: 5, size: 32, seed: 0 };
    const splits = await writePhantomExperiment(out, options);
    expect([splits.train.length, splits.test]).toEqual([4, ['phantom-00005']]);
    const data = await openExperimentData(out);
    expect(data.structures).toEqual(['lung', 'heart', 'clavicle']);
    expect(data.splits).toEqual(splits);
    expect(await writePhantomExperiment(out, options)).toEqual(splits);
    await expect(writePhantomExperiment(root, options)).rejects.toThrow(/already holds other/);
  });

  it('may be a subset of the training cases; a larger subset contains the smaller one', async () => {
    const data = await openExperimentData(root);
    const [three, five] = [3, 5].map((count) => subsetOf(data, count, 1).splits);
    expect(three.train).toHaveLength(3);
    expect(five.train).toEqual(expect.arrayContaining(three.train));
    expect(subsetOf(data, 3, 2).splits.train).not.toEqual(three.train);
    expect(three.test).toEqual(data.splits.test);
    expect(() => subsetOf(data, 9, 0)).toThrow(/has 8 training cases/);
  });

  it('is packed with an exact share of damaged cases, clean test cases, and the true labels', async () => {
    const data = await openExperimentData(root);
    const path = join(folder, 'samples.ovrset');
    const noise = parseNoise('high');
    const plan = await packExperiment(path, { data, noise, seed: 0, size: 32 });
    const damaged = new Set(plan.map((entry) => entry.case));
    expect(damaged.size).toBe(4);
    expect(plan).toHaveLength(8);
    const set = await SampleSet.open(path);
    for (const [index, { id, split }] of set.manifest.cases.entries()) {
      const { labels, truth } = await set.read(index);
      expect(split).toBe(id.startsWith('t') ? 'train' : 'test');
      expect(Buffer.compare(labels, truth ?? new Uint8Array()) !== 0).toBe(damaged.has(id));
    }
    await set.close();
  });

  it('records the kind of damage of each label, and leaves the other labels as they were', async () => {
    const data = await openExperimentData(root);
    const path = join(folder, 'people.ovrset');
    const noise = parseNoise('people', { share: 1 });
    const plan = await packExperiment(path, { data, noise, seed: 1, size: 32 });
    expect(new Set(plan.map(({ kind }) => kind)).size).toBe(8);
    const set = await SampleSet.open(path);
    for (const [index, { id, masks }] of set.manifest.cases.entries()) {
      const { labels, truth } = await set.read(index);
      set.manifest.structures.forEach((structure, s) => {
        const plane = (planes: Uint8Array): Uint8Array => planes.subarray(s * 1024, (s + 1) * 1024);
        const entry = plan.find((one) => one.case === id && one.structure === structure);
        expect(masks[s]).toMatch(entry === undefined ? /^true$/ : new RegExp(`^${entry.kind}`));
        if (entry === undefined) expect(plane(labels)).toEqual(plane(truth ?? new Uint8Array()));
      });
    }
    await set.close();
  });
});

describe('the outlines of an experiment', () => {
  it('are drawn of cases evenly spread over the list', () => {
    expect(evenlySpaced([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
    expect(evenlySpaced([1, 2], 4)).toEqual([1, 2]);
    expect(evenlySpaced([], 4)).toEqual([]);
  });

  it('are refused if their file is damaged, and are null if there is no file', async () => {
    expect(await readOutlines(folder)).toBeNull();
    const evil = { id: 'x', image: 'https://example.org/x.png', structures: [] };
    const file = join(folder, 'outlines.json');
    writeFileSync(file, JSON.stringify({ version: 1, size: 8, cases: [evil] }));
    await expect(readOutlines(folder)).rejects.toThrow(/is damaged/);
  });
});

describe('a cell of a benchmark', { timeout: 300_000 }, () => {
  it('is trained and evaluated, and a second run returns the stored result', async () => {
    const data = await openExperimentData(root);
    const options = {
      ...{ data, noise: parseNoise('high'), seed: 0, size: 32, training: TINY },
      out: join(folder, 'cell'),
      backend: 'wasm' as const,
    };
    let epochs = 0;
    const onMessage = ({ type }: { type: string }): void =>
      void (epochs += Number(type === 'epoch'));
    const result = await runCell({ ...options, onMessage });
    expect(epochs).toBe(2);
    expect(result).toMatchObject({ damaged: 4, cases: 8, backend: 'wasm' });
    expect(result.testDice).toHaveLength(2);
    const learned = result.evaluations.find(({ by, per }) => by === 'learned' && per === 'case');
    expect(learned).toMatchObject({ count: 8, errors: 4 });
    expect(learned?.auroc).toBeGreaterThanOrEqual(0);
    const drawn = await readOutlines(options.out);
    expect(drawn?.cases.map(({ id }) => id)).toEqual(data.splits.test);
    expect(drawn?.size).toBe(32);
    expect(drawn?.cases[0].structures[0].truth).toMatch(/^M[\d.]+ .*Z$/);
    expect(Buffer.from(drawn?.cases[0].image.split(',')[1] ?? '', 'base64').length).toBeLessThan(
      4096,
    );
    expect(result.expected?.trusted).toBeGreaterThan(0);
    const kinds = new Set(result.kinds?.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['any', 'eroded', 'dilated']));
    expect(existsSync(join(options.out, 'run', 'qam.onnx'))).toBe(true);

    expect(await runCell({ ...options, onMessage })).toEqual(result);
    expect(epochs).toBe(2);
    await expect(runCell({ ...options, seed: 1 })).rejects.toThrow(/holds another experiment/);
  });
});
