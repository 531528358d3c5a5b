import { copyFile, cp, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { guessFormat, openDataset } from '../../../../../audit/datasets/registry.ts';
import type { DatasetListing, LabelSource } from '../../../../../audit/datasets/types.ts';
import { drawn, imagePng, maskPng, put, rectangle, temporaryFolder } from '../../fixtures.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/dicom', import.meta.url));
const SIZE = { width: 23, height: 17 };

/** Copies each fixture to its path below `root`. */
async function lay(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, name] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(join(FIXTURES, `${name}.dcm`), join(root, path));
  }
}

const said = ({ notices }: DatasetListing): string[] =>
  notices.map(({ file, reason }) => `${basename(file)} ${reason}`);

/** The three masks of a fixture as text: those that `make.py` drew, or that highdicom read. */
async function planes(name: string): Promise<string[]> {
  const bytes = await readFile(join(FIXTURES, `${name}.bin`));
  const pixels = SIZE.width * SIZE.height;
  return [0, 1, 2].map((i) =>
    drawn({ ...SIZE, data: bytes.subarray(i * pixels, (i + 1) * pixels) }),
  );
}

async function read(labels: readonly LabelSource[]): Promise<string[]> {
  const masks = await Promise.all(labels.map((label) => label.read(SIZE)));
  return masks.map(({ mask }) => drawn(mask));
}

describe('a folder of DICOM images with DICOM-SEG', () => {
  it('is recognised, and has the labels that highdicom wrote', async () => {
    const root = await temporaryFolder();
    await lay(root, {
      'a/b/IM1': 'explicit-little',
      'a/b/IM2.dcm': 'implicit-little',
      'labels/one.dcm': 'seg-binary',
      'labels/two': 'seg-fractional',
    });
    const listing = await openDataset(root);
    expect(listing.because).toMatch(/it holds DICOM files/);
    expect(listing.format).toBe('dicom');
    expect(listing.structures.map(({ name }) => name)).toEqual(['Lung', 'Heart', 'Clavicle']);
    expect(said(listing)).toEqual([]);
    const [first, second] = listing.cases;
    expect(first).toMatchObject({
      id: 'IM1',
      patient: 'P1',
      study: '1.2.826.0.1.3680043.8.498.77.1.1',
      annotator: null,
    });
    expect(await read(first.labels)).toEqual(await planes('seg-binary'));
    expect(second).toMatchObject({ id: 'IM2', patient: 'P2' });
    expect(await read(second.labels)).toEqual(await planes('seg-fractional'));
    const notices = await Promise.all(second.labels.map((label) => label.read(SIZE)));
    expect(notices.map(({ notice }) => notice?.reason)).toEqual([
      'is fractional: cut at half of its maximum.',
      undefined,
      undefined,
    ]);
  });

  it('reads names in the character set of their file, and the annotator', async () => {
    const root = await temporaryFolder();
    await lay(root, { IM1: 'explicit-little', seg: 'seg-latin' });
    const listing = await openDataset(root);
    expect(listing.structures.map(({ name }) => name)).toContain('Schlüsselbein');
    expect(listing.cases[0].annotator).toBe('Müller Ärztin');
  });

  it('has a notice with the reason for every unused file', async () => {
    const root = await temporaryFolder();
    await lay(root, {
      'IM1.dcm': 'explicit-little',
      'IM1 again.dcm': 'explicit-little',
      'IM9.dcm': 'rle-8',
      'ct.dcm': 'refused-ct',
      'frames.dcm': 'refused-frames',
      's1.dcm': 'seg-binary',
      's2.dcm': 'seg-latin',
      's3.dcm': 'seg-fractional',
      's4.dcm': 'refused-seg-images',
      's5.dcm': 'refused-seg-frames',
      's6.dcm': 'refused-seg-map',
    });
    await put(join(root, 'none.dcm'), 'nothing');
    await put(join(root, 'readme'), 'not an image, and not named like one');
    const listing = await openDataset(root);
    expect(listing.cases.map(({ id }) => id)).toEqual(['IM1 again']);
    expect(said(listing).sort()).toEqual([
      'IM1.dcm is a copy of IM1 again.dcm (it has the same UID).',
      'IM9.dcm has no label of any structure.',
      'ct.dcm is a slice of a volume (CT): only radiographs are read.',
      'frames.dcm holds 2 frames: only single radiographs are read.',
      'none.dcm is not a DICOM file (“DICM” is missing after its first 128 bytes): save it again.',
      's2.dcm has “Heart” of IM1 again, as s1.dcm has: the first was taken.',
      's2.dcm has “Lung” of IM1 again, as s1.dcm has: the first was taken.',
      's3.dcm belongs to an image that is not in this folder.',
      's4.dcm holds labels of 2 images: make one DICOM-SEG of each radiograph.',
      's5.dcm has several frames of one structure: only single radiographs are read.',
      's6.dcm holds 3 frames: only single radiographs are read.',
    ]);
  });

  it('distinguishes images with the same name by the end of their UIDs', async () => {
    const root = await temporaryFolder();
    await lay(root, {
      '1/IM0001': 'explicit-little',
      '2/IM0001': 'implicit-little',
      s1: 'seg-binary',
      s2: 'seg-fractional',
    });
    const { cases } = await openDataset(root);
    expect(cases.map(({ id }) => id)).toEqual(['IM0001-1', 'IM0001-2']);
  });

  it('without labels is refused', async () => {
    const root = await temporaryFolder();
    await lay(root, { IM1: 'explicit-little' });
    await expect(openDataset(root)).rejects.toThrow(/neither DICOM-SEG nor folders of masks/);
    await lay(root, { 'seg.dcm': 'refused-seg-map' });
    await expect(openDataset(root)).rejects.toThrow(
      /No DICOM-SEG of .* can be read: .*seg\.dcm holds 3 frames: only single radiographs are read/,
    );
    const empty = await temporaryFolder();
    await lay(empty, { 'ct.dcm': 'refused-ct' });
    await expect(openDataset(empty)).rejects.toThrow(
      /no DICOM radiograph that can be read: .*slice of a volume/,
    );
  });
});

describe('a folder of DICOM images with folders of masks', () => {
  it('matches a mask to the image with the same file name, in whatever folder the image is', async () => {
    const root = await temporaryFolder();
    await lay(root, { 'x/IM1': 'explicit-little', 'y/IM2.dcm': 'implicit-little' });
    const lung = rectangle(SIZE.width, SIZE.height, { x: 2, y: 3, w: 5, h: 6 });
    await put(join(root, 'masks', 'lung', 'IM1.png'), await maskPng(lung));
    await put(join(root, 'masks', 'lung', 'IM2_mask.png'), await maskPng(lung));
    await put(join(root, 'masks', 'heart', 'IM2.png'), await maskPng(lung));
    const { format } = await guessFormat(root);
    expect(format.name).toBe('dicom');
    const listing = await openDataset(root);
    expect(said(listing)).toEqual([]);
    expect(
      listing.cases.map(({ id, labels }) => [id, ...labels.map(({ structure }) => structure)]),
    ).toEqual([
      ['IM1', 'lung'],
      ['IM2', 'lung', 'heart'],
    ]);
    expect(await read(listing.cases[0].labels)).toEqual([drawn(lung)]);
    expect(listing.cases[1].patient).toBe('P2');
  });

  it('is recognised as plain folders if it also has a folder of other images', async () => {
    const root = await temporaryFolder();
    await lay(root, { 'sources/a.dcm': 'explicit-little' });
    await put(join(root, 'images', 'a.png'), await imagePng(23, 17));
    await put(join(root, 'lung', 'a.png'), await imagePng(23, 17));
    expect((await guessFormat(root)).format.name).toBe('folders');
  });
});

describe('a DICOM medium with a DICOMDIR', () => {
  it('has the images that its DICOMDIR lists, and notices of unlisted and missing files', async () => {
    const root = await temporaryFolder();
    await cp(join(FIXTURES, 'medium'), join(root, 'cd'), { recursive: true });
    const series = (number: number) => join(root, 'cd', `PT00000${number}`, 'ST000000', 'SE000000');
    await rm(join(series(1), 'IM000000'));
    await lay(root, { 'cd/EXTRA': 'explicit-little' });
    const mask = await maskPng(rectangle(SIZE.width, SIZE.height, { x: 2, y: 3, w: 5, h: 6 }));
    await put(join(root, 'lung', 'IM000000.png'), mask);
    const listing = await openDataset(root);
    expect(listing.cases.map(({ imageFile }) => imageFile)).toEqual([join(series(0), 'IM000000')]);
    expect(said(listing)).toEqual([
      'im000000 is listed in DICOMDIR, but not there.',
      'EXTRA is not listed in DICOMDIR.',
    ]);
  });
});
