import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { packSamples } from '../../../audit/samples/pack.ts';
import type { SampleSource } from '../../../audit/samples/pack.ts';
import { recutSampleSet } from '../../../audit/samples/recut.ts';
import { splitOf } from '../../../audit/samples/build.ts';
import { SampleSet } from '../../../models/sampleset.ts';
import type { SampleSetManifest } from '../../../models/sampleset.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overread-samples-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (count: number, truth = false): SampleSetManifest => ({
  version: 1,
  width: 4,
  height: 4,
  structures: ['lung', 'heart'],
  truth,
  cases: Array.from({ length: count }, (_, index) => ({
    id: `case ${index}`,
    split: 'train',
    present: [true, false],
    masks: ['0'.repeat(64), null],
  })),
});

/** An image of 8 × 8 pixels and 12 bits whose left half is white, with a lung that fills the right half. */
function source(truth?: boolean): SampleSource {
  const image = new Uint16Array(64);
  const lung = new Uint8Array(64);
  for (let y = 0; y < 8; y += 1) {
    image.fill(4095, y * 8, y * 8 + 4);
    lung.fill(1, y * 8 + 4, y * 8 + 8);
  }
  const mask = { width: 8, height: 8, data: lung };
  return {
    image: { width: 8, height: 8, bits: 12, data: image },
    labels: [mask, null],
    ...(truth === true && { truth: [null, mask] }),
  };
}

it('packing scales images to 16 bits and the network’s size, and stores absent labels as zeros', async () => {
  const path = join(folder, 'a.ovrset');
  await packSamples(path, manifest(3, true), async () => source(true));
  const set = await SampleSet.open(path);
  const { image, labels, truth } = await set.read(2);
  await set.close();
  const row = [65535, 65535, 0, 0];
  expect([...image]).toEqual([...row, ...row, ...row, ...row]);
  const lung = Array.from({ length: 16 }, (_, pixel) => (pixel % 4 >= 2 ? 1 : 0));
  expect([...labels]).toEqual([...lung, ...new Array<number>(16).fill(0)]);
  expect([...(truth ?? [])]).toEqual([...new Array<number>(16).fill(0), ...lung]);
});

it('packing keeps the order of the cases and reads only a few cases ahead', async () => {
  const path = join(folder, 'a.ovrset');
  let open = 0;
  let most = 0;
  await packSamples(path, manifest(20), async (index) => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, index % 2 === 0 ? 4 : 1));
    open -= 1;
    const { image, labels } = source();
    return { image: { ...image, data: new Uint16Array(64).fill(index * 10) }, labels };
  });
  const set = await SampleSet.open(path);
  for (let index = 0; index < 20; index += 1) {
    const { image } = await set.read(index);
    expect(image[0]).toBe(Math.round((index * 10 * 65535) / 4095));
  }
  await set.close();
  expect(most).toBeLessThanOrEqual(3);
});

it('packing leaves no file if a case cannot be read or if it is cancelled', async () => {
  const path = join(folder, 'a.ovrset');
  const broken = packSamples(path, manifest(6), async (index) => {
    if (index === 4) throw new Error('case 4 is damaged');
    return source();
  });
  await expect(broken).rejects.toThrow('case 4 is damaged');
  const abort = new AbortController();
  const cancelled = packSamples(path, manifest(6), async () => source(), {
    signal: abort.signal,
    onProgress: ({ done }) => {
      if (done === 2) abort.abort();
    },
  });
  await expect(cancelled).rejects.toThrow(/abort/i);
  expect(existsSync(path)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

it('recutting copies a sample set with other splits', async () => {
  const [from, to] = [join(folder, 'a.ovrset'), join(folder, 'b.ovrset')];
  await packSamples(from, manifest(3), async () => source());
  await recutSampleSet(from, to, (id) => (id === 'case 1' ? 'test' : 'train'));
  const [a, b] = [await SampleSet.open(from), await SampleSet.open(to)];
  expect(b.manifest.cases.map(({ split }) => split)).toEqual(['train', 'test', 'train']);
  expect(await b.read(1)).toEqual(await a.read(1));
  await a.close();
  await b.close();
});

it('the usual names of splits are recognised, and an unknown name means training', () => {
  expect(['train', 'VAL', 'validation', 'Test', 'fold3', null].map(splitOf)).toEqual([
    'train',
    'validation',
    'validation',
    'test',
    'train',
    'train',
  ]);
});
