/** DICOM-SEG that are label maps, or lie elsewhere in the patient than their image. highdicom wrote the files. */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSegmentation } from '../../../../../audit/codecs/dicom/file.ts';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import { fixture } from '../../../codecs/expected.ts';
import { drawn, inProject, labelsOf, rectangle, temporaryFolder } from '../../fixtures.ts';

const SIZE = { width: 23, height: 17 };
const by = { author: 'tester', reason: 'replace' };

/** A folder with an image `x.dcm` and its DICOM-SEG `seg.dcm`. */
async function dataset(image: string, labels: string): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await mkdir(root);
  await copyFile(fixture(`dicom/${image}.dcm`), join(root, 'x.dcm'));
  await copyFile(fixture(`dicom/${labels}.dcm`), join(root, 'seg.dcm'));
  return root;
}

/** The masks that highdicom read, by `CASE STRUCTURE`. */
async function expected(name: string): Promise<Map<string, string>> {
  const bytes = await readFile(fixture(`dicom/${name}.bin`));
  const pixels = SIZE.width * SIZE.height;
  const plane = (i: number) =>
    drawn({ ...SIZE, data: bytes.subarray(i * pixels, (i + 1) * pixels) });
  return new Map(['Lung', 'Heart', 'Clavicle'].map((label, i) => [`x ${label}`, plane(i)]));
}

async function read(root: string): Promise<Map<string, string>> {
  const labels = await labelsOf(await openDataset(root));
  return new Map([...labels].map(([key, mask]) => [key, drawn(mask)]));
}

describe('a label map', () => {
  it.each(['seg-map', 'seg-map-rle', 'seg-map-16'])(
    'has the structures that highdicom reads, without the background: %s',
    async (name) => {
      const root = await dataset('explicit-little', name);
      expect((await openDataset(root)).notices).toEqual([]);
      expect(await read(root)).toEqual(await expected(name));
    },
  );

  it('is copied byte for byte when nobody changed a label', async () => {
    const root = await dataset('explicit-little', 'seg-map');
    await inProject(root, async (project, out) => {
      await exportDataset(project, out);
      expect(await readFile(join(out, 'seg.dcm'))).toEqual(await readFile(join(root, 'seg.dcm')));
    });
  });

  it('becomes binary by a correction, which is said, and keeps the other structures', async () => {
    const root = await dataset('explicit-little', 'seg-map');
    const mask = rectangle(23, 17, { x: 2, y: 3, w: 8, h: 9 });
    await inProject(root, async (project, out) => {
      await project.addRevision('x', 'Heart', mask, by);
      const { notices } = await exportDataset(project, out);
      expect(notices.map(({ reason }) => reason)).toEqual(['was a label map: written as binary.']);
      const wanted = await expected('seg-map');
      expect(await read(out)).toEqual(wanted.set('x Heart', drawn(mask)));
      expect((await readSegmentation(join(out, 'seg.dcm'))).isMap).toBe(false);
    });
  });
});

describe('a DICOM-SEG that states where it lies', () => {
  it('is read where its image lies there, too', async () => {
    const root = await dataset('placed', 'seg-placed');
    const { cases } = await openDataset(root);
    expect(await read(root)).toEqual(await expected('seg-placed'));
    expect((await cases[0].labels[0].read(SIZE)).notice).toBeUndefined();
  });

  it('is refused in another direction than its image', async () => {
    const { cases } = await openDataset(await dataset('placed', 'seg-turned'));
    await expect(cases[0].labels[0].read(SIZE)).rejects.toThrow(
      /seg\.dcm lies in another direction than its image, as both files state: resample it/,
    );
  });

  it('is taken pixel by pixel, with a notice, at another place than its image', async () => {
    const { cases } = await openDataset(await dataset('placed', 'seg-moved'));
    const { notice } = await cases[0].labels[0].read(SIZE);
    expect(notice?.reason).toBe(
      'has another origin or pixel size than its image: taken pixel by pixel.',
    );
  });
});
