/** BMP images and masks in datasets; the files were written by Pillow. */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readRaster } from '../../../audit/codecs/index.ts';
import { exportDataset } from '../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { fixture } from '../codecs/expected.ts';
import { imagePng, inProject, labelsOf, put, rectangle, temporaryFolder } from './fixtures.ts';

const LEGEND = '{"1": "lung", "2": "heart", "3": "left clavicle", "4": "right clavicle"}';

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(fixture(`bmp/${from}`), to);
}

it.each(['palette.bmp', 'top-down.bmp', '4-bits.bmp', 'runs-8.bmp', 'runs-4.bmp'])(
  'a BMP mask of values keeps its classes, and the corrected mask is a PNG: %s',
  async (name) => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, 'images', 'x.png'), await imagePng(13, 9));
    await place(name, join(root, 'masks', 'x.bmp'));
    await put(join(root, 'legend.json'), LEGEND);
    const labels = await labelsOf(await openDataset(root));
    const { raster } = await readRaster(fixture(`bmp/${name}`));
    const heart = [...raster.data].map((value) => (value === 2 ? 1 : 0));
    expect([...labels.get('x heart')!.data]).toEqual(heart);
    await inProject(root, async (project, out) => {
      const mask = rectangle(13, 9, { x: 1, y: 1, w: 3, h: 3 });
      await project.addRevision('x', 'right clavicle', mask, { author: 'a', reason: 'replace' });
      const { notices } = await exportDataset(project, out);
      expect(await readdir(join(out, 'masks'))).toEqual(['x.png']);
      expect(notices.map(({ reason }) => reason)).toEqual([
        expect.stringContaining('was a BMP file: written as PNG'),
      ]);
      expect((await labelsOf(await openDataset(out))).get('x right clavicle')).toEqual(mask);
    });
  },
);

it('a BMP image is a case, and an export in another format copies it', async () => {
  const root = join(await temporaryFolder(), 'data');
  await place('grey.bmp', join(root, 'images', 'x.bmp'));
  const mask = { width: 13, height: 9, data: new Uint8Array(13 * 9).fill(1, 20, 40) };
  await place('palette.bmp', join(root, 'masks', 'x.bmp'));
  await put(join(root, 'legend.json'), LEGEND);
  await inProject(root, async (project, out) => {
    await project.addRevision('x', 'lung', mask, { author: 'a', reason: 'replace' });
    await exportDataset(project, out, { format: 'coco' });
    expect(await readdir(join(out, 'images'))).toEqual(['x.bmp']);
    expect((await labelsOf(await openDataset(out))).get('x lung')).toEqual(mask);
  });
});
