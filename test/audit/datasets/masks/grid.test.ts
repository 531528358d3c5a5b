import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import { drawn, inProject, picture, put, rectangle, temporaryFolder } from '../fixtures.ts';

const [W, H] = [24, 16];
const LUNG = rectangle(W, H, { x: 2, y: 3, w: 9, h: 8 });

interface Place {
  /** The steps to the next column and row, along the world's first and second axis. */
  readonly steps: readonly [number, number];
  readonly origin?: readonly [number, number];
  /** Whether the affine is a qform; null if the file has none. Default: an sform. */
  readonly form?: 'q' | null;
  readonly slope?: number;
}

/** A NIfTI-1 file of bytes. */
function nifti(
  data: Uint8Array,
  [width, height]: readonly [number, number],
  { steps, origin = [0, 0], form, slope = 0 }: Place,
): Buffer {
  const bytes = Buffer.alloc(352 + data.length);
  bytes.writeInt32LE(348, 0);
  [2, width, height, 1, 1, 1, 1, 1].forEach((size, i) => bytes.writeInt16LE(size, 40 + 2 * i));
  bytes.writeInt16LE(2, 70);
  bytes.writeInt16LE(8, 72);
  [1, Math.abs(steps[0]), Math.abs(steps[1]), 1].forEach((size, i) =>
    bytes.writeFloatLE(size, 76 + 4 * i),
  );
  bytes.writeFloatLE(352, 108);
  bytes.writeFloatLE(slope, 112);
  bytes[123] = 2;
  if (form === 'q') {
    bytes.writeInt16LE(1, 252);
    // Half a turn about the third axis.
    if (steps[0] < 0) bytes.writeFloatLE(1, 264);
    origin.forEach((start, i) => bytes.writeFloatLE(start, 268 + 4 * i));
  } else if (form === undefined) {
    bytes.writeInt16LE(1, 254);
    [steps[0], 0, 0, origin[0], 0, steps[1], 0, origin[1], 0, 0, 1, 0].forEach((value, i) =>
      bytes.writeFloatLE(value, 280 + 4 * i),
    );
  }
  bytes.write('n+1\0', 344, 'latin1');
  bytes.set(data, 352);
  return bytes;
}

const IMAGE: Place = { steps: [-0.2, -0.2] };

async function dataset(mask: Buffer, image: Place = IMAGE): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await put(join(root, 'images', 'x.nii'), nifti(picture(W, H), [W, H], image));
  await put(join(root, 'lung', 'x.nii'), mask);
  return root;
}

/** Imports the label. @returns its mask and its notices, or the reason why it was left out */
async function imported(mask: Place, image?: Place): Promise<string> {
  const root = await dataset(nifti(LUNG.data, [W, H], mask), image);
  const [source] = (await openDataset(root)).cases;
  const { image: read } = await source.readImage();
  const { mask: found, notice } = await source.labels[0].read(read);
  expect(drawn(found)).toBe(drawn(LUNG));
  return notice?.reason ?? '';
}

describe('a NIfTI mask and its image', () => {
  it.each<[string, Place, Place]>([
    ['have the same affine', IMAGE, IMAGE],
    ['state the same affine in two ways', IMAGE, { steps: [-0.2, -0.2], form: 'q' }],
    ['are a file with an affine and one without', IMAGE, { steps: [1, 1], form: null }],
  ])('are laid on one another in silence when they %s', async (_, image, mask) => {
    expect(await imported(mask, image)).toBe('');
  });

  it.each<[string, Place]>([
    ['columns', { steps: [0.2, -0.2], origin: [-4.6, 0] }],
    ['rows', { steps: [-0.2, 0.2], origin: [0, -3] }],
    ['both', { steps: [0.2, 0.2], origin: [-4.6, -3], form: 'q' }],
  ])('are refused when %s lead in the other direction', async (_, mask) => {
    await expect(imported(mask)).rejects.toThrow(
      /lung.x\.nii lies in another direction than its image, as both files state: resample it/,
    );
  });

  it('are laid on one another with a notice when the mask has an affine that means nothing', async () => {
    expect(await imported({ steps: [1, 1] })).toMatch(
      /^has another direction than its image, but its affine is the one of files without a place/,
    );
  });

  it('are laid on one another with a notice when only the origin differs', async () => {
    expect(await imported({ steps: [-0.2, -0.2], origin: [50, 7] })).toBe(
      'has another origin or pixel size than its image: taken pixel by pixel.',
    );
  });

  it('may differ in size when they cover the same area', async () => {
    const small = rectangle(W / 2, H / 2, { x: 2, y: 3, w: 4, h: 3 });
    const read = async (mask: Place) => {
      const root = await dataset(nifti(small.data, [W / 2, H / 2], mask));
      const [source] = (await openDataset(root)).cases;
      return (await source.labels[0].read((await source.readImage()).image)).notice?.reason;
    };
    expect(await read({ steps: [-0.4, -0.4], origin: [-0.1, -0.1] })).toMatch(/resampled/);
    await expect(read({ steps: [-0.2, -0.2], origin: [-1, -1] })).rejects.toThrow(
      /covers another area than its image/,
    );
  });
});

describe('a NIfTI mask of 0 and 255 with the slope 1 / 255', () => {
  it('is read as 0 and 1, and written with the same numbers', async () => {
    const stored = LUNG.data.map((value) => value * 255);
    const mask = nifti(stored, [W, H], { ...IMAGE, slope: 1 / 255 });
    const root = await dataset(mask);
    await put(join(root, 'legend.json'), '{"1": "lung"}');
    const data = LUNG.data.slice();
    data.fill(1, 0, 5);
    await inProject(root, async (project, out) => {
      expect((await project.mask('x', 'lung'))!.data).toEqual(LUNG.data);
      const by = { author: 'tester', reason: 'replace' } as const;
      await project.addRevision('x', 'lung', { ...LUNG, data }, by);
      await exportDataset(project, out);
      const written = await readFile(join(out, 'lung', 'x.nii'));
      expect(written.subarray(0, 352)).toEqual(mask.subarray(0, 352));
      expect(Uint8Array.from(written.subarray(352))).toEqual(data.map((value) => value * 255));
    });
  });
});
