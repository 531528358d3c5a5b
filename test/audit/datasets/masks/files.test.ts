import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRaster } from '../../../../audit/codecs/index.ts';
import { encodeNifti } from '../../../../audit/codecs/nifti/nifti.ts';
import { encodePng } from '../../../../audit/codecs/png.ts';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import type { ProjectWriter } from '../../../../audit/store/types.ts';
import { FIXTURES } from '../../codecs/expected.ts';
import {
  contents,
  drawn,
  imagePng,
  inProject,
  put,
  rectangle,
  temporaryFolder,
} from '../fixtures.ts';

const SIZE = { width: 13, height: 9 };
const by = { author: 'tester', reason: 'replace' };
const box = rectangle(13, 9, { x: 1, y: 1, w: 3, h: 4 });

async function exported(root: string, work: (project: ProjectWriter) => Promise<unknown>) {
  return inProject(root, async (project, out) => {
    await work(project);
    const { notices } = await exportDataset(project, out);
    return { out, notices };
  });
}

const nifti = (name: string) => readFile(join(FIXTURES, 'nifti', name));

/**
 * Writes folders of NIfTI with two images, `a` and `b`; the files of `a` are compressed. The masks are
 * of 64-bit floating-point numbers.
 */
async function niftiFolders(): Promise<string> {
  const root = await temporaryFolder();
  await put(join(root, 'images', 'a.nii.gz'), await nifti('uint16-3d.nii.gz'));
  await put(join(root, 'images', 'b.nii'), await nifti('big-endian.nii'));
  const mask = await nifti('mask.nii.gz');
  await put(join(root, 'lung', 'a.nii.gz'), mask);
  await put(join(root, 'lung', 'b_mask.nii'), gunzipSync(mask));
  await put(join(root, 'heart', 'a.nii.gz'), mask);
  return root;
}

describe('folders of NIfTI', () => {
  it('are matched by file names without .nii and .nii.gz', async () => {
    const listing = await openDataset(await niftiFolders());
    expect(listing.cases.map(({ id, labels }) => [id, labels.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(listing.notices).toEqual([]);
    const { notice } = await listing.cases[0].readImage();
    expect(notice).toBeUndefined();
  });

  it('keep header and compression of each mask, and a new mask gets the header of its image', async () => {
    const root = await niftiFolders();
    const { out, notices } = await exported(root, async (project) => {
      await project.addRevision('a', 'lung', box, by);
      await project.addRevision('b', 'lung', box, by);
      await project.addRevision('b', 'heart', box, by);
    });
    expect(notices).toEqual([]);
    const old = gunzipSync(await nifti('mask.nii.gz'));
    const packed = gunzipSync(await readFile(join(out, 'lung', 'a.nii.gz')));
    const plain = await readFile(join(out, 'lung', 'b_mask.nii'));
    expect(packed.subarray(0, 352)).toEqual(old.subarray(0, 352));
    expect(plain).toEqual(packed);
    const fresh = await readRaster(join(out, 'heart', 'b.nii.gz'));
    const image = await nifti('big-endian.nii');
    expect(fresh.raster.nifti?.head).toEqual(image.subarray(0, fresh.raster.nifti?.head.length));
    for (const path of ['lung/a.nii.gz', 'lung/b_mask.nii', 'heart/b.nii.gz']) {
      const { raster } = await readRaster(join(out, path));
      expect(drawn({ ...SIZE, data: Uint8Array.from(raster.data) })).toBe(drawn(box));
    }
    const [after, before] = [await contents(out), await contents(root)];
    expect(after.get('heart/a.nii.gz')).toBe(before.get('heart/a.nii.gz'));
  });

  it('get a larger type of number if the file’s own type cannot hold the values', async () => {
    const frame = (await readRaster(join(FIXTURES, 'nifti', 'scaled.nii.gz'))).raster.nifti!;
    const data = Uint16Array.from({ length: 117 }, (_, i) => i * 501);
    const file = await put(
      join(await temporaryFolder(), 'a.nii.gz'),
      await encodeNifti({ ...SIZE, data }, frame),
    );
    const { raster } = await readRaster(file);
    expect(raster.data).toEqual(data);
    expect(raster.nifti?.head.subarray(80, 108)).toEqual(frame.head.subarray(80, 108));
  });

  it('are not unpacked beyond the size in their header', async () => {
    const whole = gunzipSync(await nifti('mask.nii.gz'));
    const file = join(await temporaryFolder(), 'bomb.nii.gz');
    await put(file, gzipSync(Buffer.concat([whole, Buffer.alloc(5_000_000)])));
    await expect(readRaster(file)).rejects.toThrow(/holds more than its header says/);
  });
});

describe('masks with one bit per structure', () => {
  it('keep structures that overlap, and bits without a name', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'images', 'a.png'), await imagePng(13, 9));
    const data = Uint8Array.from({ length: 117 }, (_, i) => [0, 1, 2, 3, 8, 11][i % 6]);
    await put(join(root, 'masks', 'a.png'), await encodePng({ ...SIZE, bits: 8, data }));
    await put(join(root, 'legend.json'), '{"bits": {"0": "lung", "1": "clavicle"}}');
    const listing = await openDataset(root);
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'clavicle']);
    const { mask, notice } = await listing.cases[0].labels[0].read(SIZE);
    expect([...mask.data]).toEqual([...data].map((value) => value & 1));
    expect(notice?.reason).toBe(
      'holds the values 8, 11, with bits that the legend does not name: those belong to no structure.',
    );
    const { out, notices } = await exported(root, (project) =>
      project.addRevision('a', 'clavicle', box, by),
    );
    expect(notices).toEqual([]);
    const { raster } = await readRaster(join(out, 'masks', 'a.png'));
    expect([...raster.data]).toEqual(
      [...data].map((value, i) => (value & ~2) | (box.data[i] === 1 ? 2 : 0)),
    );
    expect(await readFile(join(out, 'legend.json'), 'utf8')).toContain('"bits"');
  });
});
