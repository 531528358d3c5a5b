import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCell } from '../../../audit/benchmark/cell.ts';
import { openExperimentData } from '../../../audit/benchmark/dataset.ts';
import { parseNoise } from '../../../audit/benchmark/noise.ts';
import { packExperiment } from '../../../audit/benchmark/pack.ts';
import { encodePng } from '../../../audit/datasets/codecs/png.ts';
import { SampleSet } from '../../../models/sampleset.ts';
import { PRESETS } from '../../../trainer/messages.ts';

const SIZE = 64;
const train = Array.from({ length: 8 }, (_, index) => `t${index}`);
const test = ['u0', 'u1'];
let folder = '';
let root = '';

async function discFile(file: string, radius: number, low: number): Promise<void> {
  const data = new Uint8Array(SIZE * SIZE).fill(low);
  for (let i = 0; i < data.length; i += 1) {
    if (Math.hypot((i % SIZE) - 32, Math.floor(i / SIZE) - 32) < radius) data[i] = 255;
  }
  writeFileSync(file, await encodePng({ width: SIZE, height: SIZE, bits: 8, data }));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-benchmark-'));
  root = join(folder, 'data');
  for (const name of ['images', 'heart', 'lung']) mkdirSync(join(root, name), { recursive: true });
  for (const [index, id] of [...train, ...test].entries()) {
    await discFile(join(root, 'images', `${id}.png`), 20 + index, 30);
    await discFile(join(root, 'lung', `${id}.png`), 20 + index, 0);
    await discFile(join(root, 'heart', `${id}.png`), 10, 0);
  }
  writeFileSync(join(root, 'splits.json'), JSON.stringify({ train, test }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the noise of an experiment', () => {
  it('is named, or given by its radii', () => {
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
        /neither none, low, high, all-large, shifted, .*radii/,
      );
    }
    expect(() => parseNoise('constructor')).toThrow(/neither/);
  });

  it('may be as people make it, of one structure or all', () => {
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
    expect(() => parseNoise('generous', { structures: 'one' })).toThrow(/every structure/);
  });
});

describe('the data of an experiment', () => {
  it('is found by its folders and the splits', async () => {
    const data = await openExperimentData(root);
    expect(data.structures).toEqual(['lung', 'heart']);
    expect(data.maskFile('t3', 'heart')).toBe(join(root, 'heart', 't3.png'));
  });

  it('is refused with what is missing', async () => {
    await expect(openExperimentData(join(folder, 'none'))).rejects.toThrow(/cannot|not a folder/);
    await expect(openExperimentData(join(root, 'images'))).rejects.toThrow(/folder "images"/);
    const splits = join(folder, 'splits.json');
    writeFileSync(splits, JSON.stringify({ train: ['t0', 'missing'], test: [] }));
    await expect(openExperimentData(root, splits)).rejects.toThrow(/no file for "missing"/);
  });

  it('is packed with an exact share damaged, the test cases clean, and the truth beside', async () => {
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

  it('as people make it is written down label by label, and nothing else is touched', async () => {
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

describe('a cell', { timeout: 300_000 }, () => {
  it('goes from noise to figures, and is not done again', async () => {
    const data = await openExperimentData(root);
    const training = { ...PRESETS.overread, epochs: 2, warmUp: 1, batch: 4, width: 4, levels: 2 };
    const options = {
      data,
      noise: parseNoise('high'),
      seed: 0,
      size: 32,
      training: { ...training, qamWidths: [4, 8] },
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
    expect(existsSync(join(options.out, 'run', 'qam.onnx'))).toBe(true);

    expect(await runCell({ ...options, onMessage })).toEqual(result);
    expect(epochs).toBe(2);
    await expect(runCell({ ...options, seed: 1 })).rejects.toThrow(/holds another experiment/);
  });
});
