import { cp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRaster } from '../../../../../audit/codecs/index.ts';
import { datasetFolders, exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../../../audit/datasets/export/losses.ts';
import { guessFormat, openDataset } from '../../../../../audit/datasets/registry.ts';
import { nnunetReader } from '../../../../../audit/datasets/formats/nnunet/reader.ts';
import type { DatasetListing } from '../../../../../audit/datasets/types.ts';
import { UserError } from '../../../../../audit/errors.ts';
import type { ProjectWriter } from '../../../../../audit/store/types.ts';
import { FIXTURES, expectedOf } from '../../../codecs/expected.ts';
import { contents, drawn, inProject, put, rectangle, temporaryFolder } from '../../fixtures.ts';

const SIZE = { width: 20, height: 14 };
const by = { author: 'tester', reason: 'replace' };
const box = rectangle(20, 14, { x: 1, y: 1, w: 3, h: 4 });

/** Copies a fixture. @returns the folder of the copy */
async function dataset(name: 'v1' | 'v2'): Promise<string> {
  const root = join(await temporaryFolder(), name);
  await cp(join(FIXTURES, 'nnunet', name), root, { recursive: true });
  return root;
}

async function masksOf(listing: DatasetListing, id: string): Promise<Record<string, string>> {
  const found = listing.cases.find((one) => one.id === id)!;
  const read = await Promise.all(
    found.labels.map(
      async (label) => [label.structure, drawn((await label.read(SIZE)).mask)] as const,
    ),
  );
  return Object.fromEntries(read);
}

/** The mask, as text, of the pixels that have one of `values` when nibabel or Pillow reads `file`. */
async function expectedMask(file: string, values: readonly number[]): Promise<string> {
  const entry = (await expectedOf('nnunet')).find((one) => one.file.endsWith(file))!;
  const data = Uint8Array.from(entry.values, (value) => (values.includes(value) ? 1 : 0));
  return drawn({ ...SIZE, data });
}

async function exported(
  root: string,
  work: (project: ProjectWriter) => Promise<void> | void,
  options: Record<string, unknown> = {},
) {
  const listing = await openDataset(root, options, 'nnunet');
  const use = async (project: ProjectWriter, out: string) => {
    await work(project);
    const { losses } = await foreseeExport(project);
    const { notices } = await exportDataset(project, out);
    const files = await contents(out);
    files.delete('overread-export.json');
    return { out, files, notices, losses, folders: datasetFolders(project) };
  };
  return inProject(root, use, listing);
}

describe('nnU-Net raw data', () => {
  it('of version 2 has regions, channels, folds and a test set', async () => {
    const root = await dataset('v2');
    expect((await guessFormat(root)).format.name).toBe('nnunet');
    const listing = await openDataset(root);
    expect(listing.cases.map(({ id, split }) => [id, split])).toEqual([
      ['a', 'train'],
      ['b', 'train'],
      ['c', 'validation'],
      ['t', 'test'],
    ]);
    expect(listing.structures.map(({ name }) => name)).toEqual(['whole', 'core']);
    expect(listing.notices).toHaveLength(4);
    expect(listing.notices[0].reason).toMatch(/another channel/);
    const { image } = await listing.cases[0].readImage();
    expect(image).toMatchObject({ ...SIZE, bits: 16 });
    expect(image.spacing?.map((mm) => mm.toFixed(2))).toEqual(['0.40', '0.50']);
    for (const [id, file] of [
      ['b', 'labelsTr/b.nii.gz'],
      ['t', 'labelsTs/t.nii.gz'],
    ]) {
      expect(await masksOf(listing, id)).toEqual({
        whole: await expectedMask(file, [1, 2]),
        core: await expectedMask(file, [2]),
      });
    }
  });

  it('of version 1 maps values to names', async () => {
    const listing = await openDataset(await dataset('v1'));
    expect(listing.cases.map(({ id, split }) => [id, split])).toEqual([
      ['x_001', null],
      ['x_002', null],
    ]);
    expect(await masksOf(listing, 'x_002')).toEqual({
      lung: await expectedMask('v1/labelsTr/x_002.png', [1]),
      heart: await expectedMask('v1/labelsTr/x_002.png', [2]),
    });
  });

  it('is exported byte for byte without changes', async () => {
    for (const name of ['v1', 'v2'] as const) {
      const root = await dataset(name);
      await rm(join(root, 'predictions'), { recursive: true, force: true });
      const before = await contents(root);
      const { files, notices } = await exported(root, () => undefined);
      expect(files).toEqual(before);
      expect(notices).toEqual([]);
    }
  });

  it('differs after an export only in the correction, and keeps its header', async () => {
    const root = await dataset('v2');
    const before = await openDataset(root);
    const { out, files, notices, losses } = await exported(root, (project) =>
      project.addRevision('a', 'core', box, by).then(() => undefined),
    );
    const after = await openDataset(out);
    expect((await masksOf(after, 'a')).core).toBe(drawn(box));
    // No value means core without whole, so the export adds to the whole the core's pixels outside it.
    const whole = (await masksOf(before, 'a')).whole;
    const missing = [...box.data].filter((inside, i) => inside === 1 && whole[place(i)] === '.');
    expect(notices.map(({ reason }) => reason)).toEqual([
      `differs in ${missing.length} pixels: no value means exactly the structures there, so the nearest value was written.`,
    ]);
    // The export foresaw that it would lose as many pixels.
    expect(losses).toMatchObject([{ case: 'a', structure: 'whole', pixels: missing.length }]);
    const original = await contents(root);
    const differing = [...files.keys()].filter((file) => files.get(file) !== original.get(file));
    expect(differing).toEqual(['labelsTr/a.nii.gz']);
    const bytes = async (folder: string) =>
      gunzipSync(await readFile(join(folder, 'labelsTr/a.nii.gz')));
    const [old, written] = [await bytes(root), await bytes(out)];
    expect(written.subarray(0, 352)).toEqual(old.subarray(0, 352));
    expect(written).toHaveLength(old.length);
  });

  it('keeps its type of number, and leaves excluded labels and cases out of every list', async () => {
    const root = await dataset('v2');
    const { out, files, notices } = await exported(root, async (project) => {
      await project.addRevision('t', 'core', { ...SIZE, data: new Uint8Array(280) }, by);
      project.setVerdict('b', null, 'excluded', { author: 'tester' });
      project.setVerdict('a', 'core', 'excluded', { author: 'tester' });
    });
    const label = await readRaster(join(out, 'labelsTs/t.nii.gz'));
    expect(label.raster.data).toBeInstanceOf(Float64Array);
    expect(new Set(label.raster.data)).toEqual(new Set([0, 1]));
    expect([...files.keys()].filter((file) => /\/b[._]/.test(file))).toEqual([]);
    const json = async (name: string) =>
      JSON.parse(await readFile(join(out, name), 'utf8')) as unknown;
    expect(await json('dataset.json')).toMatchObject({ numTraining: 2, file_ending: '.nii.gz' });
    expect(await json('splits_final.json')).toEqual([
      { train: ['a'], val: ['c'] },
      { train: ['c'], val: ['a'] },
    ]);
    expect(notices.map(({ reason }) => reason)).toEqual([
      'holds the excluded core as background, because the file has one number per pixel.',
    ]);
  });

  it('may take its labels from a folder of predictions, also for cases without labels', async () => {
    const root = await dataset('v2');
    await rm(join(root, 'labelsTs'), { recursive: true });
    const labelsFrom = join(root, 'predictions');
    const listing = await openDataset(root, { labelsFrom }, 'nnunet');
    expect(listing.cases.map(({ id, split }) => [id, split])).toEqual([
      ['a', 'train'],
      ['t', 'test'],
    ]);
    expect((await masksOf(listing, 't')).core).toBe(
      await expectedMask('predictions/t.nii.gz', [2]),
    );
    const { files } = await exported(root, () => undefined, { labelsFrom });
    expect([...files.keys()].filter((file) => !file.startsWith('images'))).toEqual([
      'dataset.json',
      'predictions/a.nii.gz',
      'predictions/t.nii.gz',
      'splits_final.json',
    ]);
  });

  it('protects a folder of predictions outside its root from being written to', async () => {
    const root = await dataset('v2');
    const elsewhere = join(dirname(root), 'elsewhere');
    await cp(join(root, 'predictions'), elsewhere, { recursive: true });
    const { files, folders } = await exported(root, () => undefined, { labelsFrom: elsewhere });
    expect(folders).toEqual([root, elsewhere]);
    expect(files.has('labelsTr/a.nii.gz')).toBe(true);
  });

  it('is refused in one sentence that says what is wrong', async () => {
    const root = await temporaryFolder();
    const open = () => nnunetReader.open(root, {});
    await expect(open()).rejects.toThrow(/has no dataset\.json/);
    for (const [labels, message] of [
      ['7', /dataset\.json cannot be used: it must hold "labels"/],
      ['{"lung": 1.5}', /the value 1\.5: it must be whole/],
      ['{"lung": -1}', /the value -1/],
      ['{"background": 0}', /names no structure/],
      ['{"1": "lung", "2": "lung"}', /twice/],
      ['{"lung": 1}', /no image in imagesTr/],
    ] as const) {
      await put(join(root, 'dataset.json'), `{"labels": ${labels}}`);
      await expect(open()).rejects.toThrow(message);
    }
    await put(join(root, 'dataset.json'), '{"labels"');
    await expect(open()).rejects.toThrow(/cannot be used/);
  });

  it('with a damaged dataset.json or file of folds is read, or refused in one sentence', async () => {
    const root = await dataset('v1');
    await cp(join(FIXTURES, 'nnunet', 'v2', 'splits_final.json'), join(root, 'splits_final.json'));
    let state = 11;
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (const name of ['dataset.json', 'splits_final.json']) {
      const whole = await readFile(join(root, name));
      for (let round = 0; round < 60; round += 1) {
        const bytes = Buffer.from(next(4) === 0 ? whole.subarray(0, next(whole.length)) : whole);
        if (bytes.length > 0) bytes[next(bytes.length)] = 32 + next(95);
        await put(join(root, name), bytes);
        const read = await nnunetReader.open(root, {}).catch((error: unknown) => error);
        if (read instanceof UserError) expect(read.message.split('\n')).toHaveLength(1);
        else expect(read instanceof Error ? `${name} ${round}: ${read.stack}` : '').toBe('');
      }
      await put(join(root, name), whole);
    }
  });
});

/** Where the pixel `index` stands in a mask as text, which has a line feed after each row. */
const place = (index: number) => index + Math.floor(index / SIZE.width);
