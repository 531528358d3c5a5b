import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTensors, writeTensors } from '../../models/safetensors.ts';
import { SampleSet, writeSampleSet } from '../../models/sampleset.ts';
import type { Sample, SampleSetManifest } from '../../models/sampleset.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-models-'));
});
afterEach(() => rm(folder, { recursive: true }));

const manifest: SampleSetManifest = {
  version: 1,
  width: 4,
  height: 2,
  structures: ['lung', 'heart'],
  truth: true,
  cases: ['a', 'б "b"'].map((id) => ({
    id,
    split: 'train',
    present: [true, false],
    masks: [null, null],
  })),
};

function sample(seed: number): Sample {
  return {
    image: Uint16Array.from({ length: 8 }, (_, index) => seed * 1000 + index),
    labels: Uint8Array.from({ length: 16 }, (_, index) => (index + seed) % 2),
    truth: Uint8Array.from({ length: 16 }, (_, index) => (index * seed) % 2),
  };
}

async function* samples(...list: Sample[]): AsyncGenerator<Sample> {
  yield* list;
}

describe('a sample set', () => {
  it('gives back what was written, in any order', async () => {
    const path = join(folder, 's.ovrset');
    await writeSampleSet(path, manifest, samples(sample(1), sample(2)));
    const set = await SampleSet.open(path);
    expect(set.manifest).toEqual(manifest);
    expect(await set.read(1)).toEqual(sample(2));
    expect(await set.read(0)).toEqual(sample(1));
    await set.close();
  });

  it('is refused in one sentence when cut short', async () => {
    const path = join(folder, 's.ovrset');
    await writeSampleSet(path, manifest, samples(sample(1), sample(2)));
    await truncate(path, (await readFile(path)).length - 1);
    await expect(SampleSet.open(path)).rejects.toThrow(/cut short/);
  });

  it('is refused in one sentence when it is another file', async () => {
    const path = join(folder, 's.ovrset');
    await writeFile(path, 'not a sample set at all');
    await expect(SampleSet.open(path)).rejects.toThrow(/is not a sample set/);
  });

  it('leaves nothing behind when its cases do not fit the manifest', async () => {
    const path = join(folder, 's.ovrset');
    await expect(writeSampleSet(path, manifest, samples(sample(1)))).rejects.toThrow(/1 samples/);
    const small = { ...sample(1), labels: new Uint8Array(3) };
    await expect(writeSampleSet(path, manifest, samples(small))).rejects.toThrow(/bytes/);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a tensor file', () => {
  const arrays = new Map([
    ['first', Float32Array.of(1, -2.5, 3e-8)],
    ['second', new Float32Array(0)],
  ]);

  it('gives back names, numbers and metadata', async () => {
    const path = join(folder, 'w.safetensors');
    await writeTensors(path, { arrays, metadata: { state: '{"epoch":3}' } });
    const read = await readTensors(path);
    expect(read.arrays).toEqual(arrays);
    expect(read.metadata).toEqual({ state: '{"epoch":3}' });
    expect(await readdir(folder)).toEqual(['w.safetensors']);
  });

  it.each([0, 5, 40, 100])('is refused in one sentence when cut to %i bytes', async (length) => {
    const path = join(folder, 'w.safetensors');
    await writeTensors(path, { arrays, metadata: {} });
    await truncate(path, Math.min(length, (await readFile(path)).length - 1));
    await expect(readTensors(path)).rejects.toThrow(/is damaged/);
  });
});
