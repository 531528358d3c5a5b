/** Exports images of kinds that the tools of the target format cannot open (DICOM and NIfTI). */
import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../../../../audit/codecs/png.ts';
import { encodeTiff } from '../../../../audit/codecs/tiff/tiff.ts';
import { captureFile } from '../../../../audit/datasets/formats/dicom/objects.ts';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import type { GreyImage } from '../../../../audit/imaging/types.ts';
import {
  contents,
  drawn,
  inProject,
  labelsOf,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../fixtures.ts';

const SIZE = { width: 24, height: 16 };
const TO = ['folders', 'coco', 'labelme', 'cvat', 'voc', 'yolo'] as const;

/** A picture with samples of 12 bits, too large for 8 bits. */
function radiograph(seed: number): GreyImage {
  const pixels = SIZE.width * SIZE.height;
  const data = Uint16Array.from({ length: pixels }, (_, i) => (i * 11 + seed * 101) % 4096);
  return { ...SIZE, bits: 12, data };
}

const shallow: GreyImage = {
  ...SIZE,
  bits: 8,
  data: Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, i) => (i * 7) % 256),
};

/** A NIfTI file of unsigned 16-bit numbers with a minimal header. */
function nifti({ width, height, data }: GreyImage): Buffer {
  const bytes = Buffer.alloc(352 + 2 * data.length);
  bytes.writeInt32LE(348, 0);
  [2, width, height, 1, 1, 1, 1, 1].forEach((size, i) => bytes.writeInt16LE(size, 40 + 2 * i));
  bytes.writeInt16LE(512, 70);
  bytes.writeInt16LE(16, 72);
  for (let i = 0; i < 4; i += 1) bytes.writeFloatLE(1, 76 + 4 * i);
  bytes.writeFloatLE(352, 108);
  bytes.writeFloatLE(1, 112);
  bytes.write('n+1', 344, 'latin1');
  data.forEach((value, i) => bytes.writeUInt16LE(value, 352 + 2 * i));
  return bytes;
}

let root: string;
beforeEach(async () => {
  root = join(await temporaryFolder(), 'data');
});

/** A dataset of folders with a lung mask per image. */
async function folders(images: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [name, bytes] of Object.entries(images)) {
    await put(join(root, 'images', name), bytes);
    const mask = await maskPng(rectangle(24, 16, { x: 2, y: 3, w: 9, h: 8 }));
    await put(join(root, 'lung', `${name.split('.')[0]}.png`), mask);
  }
}

/** A labelme dataset whose JSON file contains the image. */
async function labelme(image: Uint8Array): Promise<void> {
  const shape = {
    label: 'lung',
    points: [
      [2, 3],
      [11, 3],
      [11, 11],
    ],
    shape_type: 'polygon',
  };
  const file = {
    version: '5.3.0',
    shapes: [shape],
    imagePath: 'elsewhere.png',
    imageData: Buffer.from(image).toString('base64'),
    imageHeight: SIZE.height,
    imageWidth: SIZE.width,
  };
  await put(join(root, 'a.json'), JSON.stringify(file));
}

/** Reads a dataset: its format, the samples of its images, its masks as text, and its file names. */
async function read(folder: string) {
  const listing = await openDataset(folder);
  const images = new Map<string, number[]>();
  for (const source of listing.cases) {
    images.set(source.id, [...(await source.readImage()).image.data]);
  }
  const labels = [...(await labelsOf(listing))].map(([key, mask]) => [key, drawn(mask)] as const);
  const files = listing.cases.map(({ imageFile }) => basename(imageFile)).sort();
  return { format: listing.format, images, labels: new Map(labels), files };
}

async function exportedAs(format: string) {
  return inProject(root, async (project, out) => {
    const { notices } = await exportDataset(project, out, { format });
    return { out, notices };
  });
}

describe.each(TO)('an export as %s', (format) => {
  it('writes DICOM and NIfTI as pictures with the same samples, and copies PNG and TIFF', async () => {
    const tiff = encodeTiff({ ...radiograph(3), bits: 16 });
    const png = await encodePng({ ...radiograph(4), bits: 16 });
    await folders({
      'deep.dcm': captureFile(radiograph(1)).bytes,
      'plain.dcm': captureFile(shallow).bytes,
      'film.nii': nifti(radiograph(2)),
      'tiff.tif': tiff,
      'png.png': png,
    });
    const before = await read(root);
    // An export of folders to folders copies the dataset, so we export to DICOM first and import that.
    if (format === 'folders') {
      const { out } = await exportedAs('dicom-seg');
      root = join(await temporaryFolder(), 'data');
      await cp(out, root, { recursive: true });
    }
    const { out, notices } = await exportedAs(format);
    const after = await read(out);
    expect(after.format).toBe(format);
    expect([...after.images.values()]).toEqual([...before.images.values()]);
    expect([...after.labels.values()]).toEqual([...before.labels.values()]);
    const written = format === 'folders' ? 'tiff.png' : 'tiff.tif';
    expect(after.files).toEqual(['deep.png', 'film.png', 'plain.png', 'png.png', written]);
    const said = (name: string) => notices.find(({ file }) => basename(file) === name)?.reason;
    expect(said('deep.png')).toBe('was a DICOM file: written as PNG of 16 bits.');
    expect(said('plain.png')).toBe('was a DICOM file: written as PNG of 8 bits.');
    if (format === 'folders') return;
    expect(said('film.png')).toBe('was a NIfTI file: written as PNG of 16 bits.');
    expect(said('tiff.tif')).toBe(undefined);
    const files = await contents(out);
    const hexOf = (name: string) => [...files].find(([path]) => basename(path) === name)?.[1];
    expect(hexOf('tiff.tif')).toBe(tiff.toString('hex'));
    expect(hexOf('png.png')).toBe(png.toString('hex'));
  });

  it.skipIf(format === 'labelme')('takes the picture out of a labelme file', async () => {
    const png = await encodePng({ ...radiograph(5), bits: 16 });
    await labelme(png);
    const before = await read(root);
    const { out, notices } = await exportedAs(format);
    const after = await read(out);
    expect(after.images).toEqual(before.images);
    expect(after.labels).toEqual(before.labels);
    expect(after.files).toEqual(['a.png']);
    expect(notices).toEqual([]);
    expect([...(await contents(out)).values()]).toContain(png.toString('hex'));
  });
});
