import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeGif } from '../../../../audit/codecs/gif.ts';
import { readImageFile, readRaster } from '../../../../audit/codecs/index.ts';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../../audit/datasets/export/losses.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import { encodePng } from '../../../../audit/codecs/png.ts';
import { binaryMask } from '../../../../audit/datasets/masks/masks.ts';
import { jsrtWriter } from '../../../../audit/datasets/formats/jsrt/writer.ts';
import { addMask, differingPixels, emptyMask } from '../../../../audit/imaging/polygon.ts';
import { resampleMask } from '../../../../audit/imaging/resample.ts';
import type { Mask } from '../../../../audit/imaging/types.ts';
import type { ProjectWriter } from '../../../../audit/store/types.ts';
import {
  contents,
  drawn,
  imagePng,
  inProject,
  maskPng,
  picture,
  put,
  rectangle,
  temporaryFolder,
} from '../fixtures.ts';

const by = { author: 'tester', reason: 'replace' };
const SIZE = { width: 24, height: 16 };

async function exported(root: string, work: (project: ProjectWriter) => Promise<void> | void) {
  return inProject(root, async (project, out) => {
    await work(project);
    const outlook = await foreseeExport(project);
    return { out, outlook, result: await exportDataset(project, out) };
  });
}

/** A labelme file, indented by a tab, with fields that only labelme uses. */
const LABELME = [
  '{',
  '\t"version": "5.5.0", "flags": {},  "shapes": [',
  '\t\t{"label": "lung", "points": [[2,2],[9,2],[9,9]], "shape_type": "polygon", "mood": [1, 2]},',
  '\t\t{"label": "lung", "points": [[14,2],[20,2],[20,9]], "shape_type": "polygon"},',
  '\t\t{"label": "secret", "points": [[1,1]], "shape_type": "points"}',
  '\t],',
  '\t"imagePath": "..\\\\x.png", "imageData": null, "imageHeight": 16, "imageWidth": 24,',
  '\t"other": {"a":   1}',
  '}',
].join('\n');

describe('labelme files', () => {
  it('change only in the corrected shape, and a notice names the version that reads it', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, 'x.png'), await imagePng(24, 16));
    await put(join(root, 'shapes', 'x.json'), LABELME);
    const { out, result } = await exported(root, async (project) => {
      const mask = (await project.mask('shapes/x', 'lung'))!;
      const data = mask.data.slice();
      data[3 * 24 + 20] = 0;
      await project.addRevision('shapes/x', 'lung', { ...mask, data }, by);
    });
    expect(result.notices.map(({ reason }) => reason)).toEqual([
      'has its corrected shapes as masks, which labelme reads from version 5.3.0 on.',
    ]);
    const text = await readFile(join(out, 'shapes', 'x.json'), 'utf8');
    const lines = text.split('\n');
    expect(lines.slice(0, 3)).toEqual(LABELME.split('\n').slice(0, 3));
    expect(lines.slice(-5)).toEqual(LABELME.split('\n').slice(-5));
    type Shapes = { shapes: { shape_type: string; points: number[][]; mask?: string }[] };
    const { shapes } = JSON.parse(text) as Shapes;
    expect(shapes.map(({ shape_type: type }) => type)).toEqual(['polygon', 'mask', 'points']);
    expect(shapes[1].points).toEqual([
      [14, 2],
      [20, 9],
    ]);
    // The only notice is of the corrected file; `overread-export.json` is not taken for a labelme file.
    const left = (await openDataset(out)).notices.filter(({ kind }) => kind === 'left-out');
    expect(left.map(({ file }) => file)).toEqual([join(out, 'shapes', 'x.json')]);
  });

  it('may contain their image, which is used only if there is no image beside them', async () => {
    const root = join(await temporaryFolder(), 'data');
    const png = await encodePng({ ...SIZE, bits: 8, data: picture(24, 16, 5) });
    const file = (more: object) =>
      JSON.stringify({
        shapes: [
          {
            label: 'lung',
            points: [
              [2, 2],
              [9, 2],
              [9, 9],
            ],
            shape_type: 'polygon',
          },
        ],
        ...SIZE,
        ...more,
      });
    await put(
      join(root, 'a.json'),
      file({ imagePath: '/etc/a.png', imageData: png.toString('base64') }),
    );
    await put(join(root, 'b.json'), file({ imagePath: '../secret.png', imageData: null }));
    await put(join(root, '..', 'secret.png'), await imagePng(24, 16));
    const listing = await openDataset(root);
    expect(listing.cases.map(({ id }) => id)).toEqual(['a']);
    expect(listing.notices.map(({ reason }) => reason)).toEqual([
      'has no image: put it beside the file.',
    ]);
    const { image } = await readImageFile(join(root, 'a.json'));
    expect([...image.data]).toEqual([...picture(24, 16, 5)]);
  });
});

describe('lines in a YOLO file', () => {
  it('that are boxes are counted in a notice and kept in an export', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(
      join(root, 'data.yaml'),
      'names: [lung, "left/heart"]\ntrain: /other/machine/train\n',
    );
    await put(join(root, 'images', 'train', 'x.png'), await imagePng(24, 16));
    const lines = [
      '0 .1 .1 .5 .1 .5 .5',
      '1 0.5 0.5 0.2 0.2',
      '1 0.6 .6 .9 .6 .9 .9',
      '7 1 1 1 1 1 1',
    ];
    await put(join(root, 'labels', 'train', 'x.txt'), lines.join('\r\n'));
    const listing = await openDataset(root);
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'left_heart']);
    expect(listing.cases.map(({ id, split }) => [id, split])).toEqual([['train/x', 'train']]);
    expect(listing.notices.map(({ reason }) => reason)).toEqual([
      'has 1 box without an outline.',
      'has 1 outline of a class that has no name: add it to the names of the classes.',
    ]);
    const now = rectangle(24, 16, { x: 3, y: 3, w: 5, h: 2 });
    const { out, outlook } = await exported(root, async (project) => {
      await project.addRevision('train/x', 'lung', now, by);
    });
    expect(outlook).toMatchObject({ format: 'yolo', corrected: 1, losses: [] });
    const text = await readFile(join(out, 'labels', 'train', 'x.txt'), 'utf8');
    expect(text.split('\r\n').slice(1)).toEqual(lines.slice(1));
    expect(text.split('\r\n')[0]).toBe(
      '0 0.145833 0.218750 0.145833 0.281250 0.312500 0.281250 0.312500 0.218750',
    );
  });
});

describe('VOC masks', () => {
  it('keep their void pixels, and renumber the instances of a corrected class', async () => {
    const root = join(await temporaryFolder(), 'data');
    const classes = new Uint8Array(24 * 16);
    const objects = new Uint8Array(24 * 16);
    for (const [x, number] of [
      [2, 1],
      [12, 2],
    ]) {
      const { data } = rectangle(24, 16, { x, y: 2, w: 4, h: 4 });
      data.forEach((value, i) => {
        if (value === 1) [classes[i], objects[i]] = [8, number];
      });
    }
    classes.fill(255, 0, 24);
    await put(join(root, 'JPEGImages', 'x.png'), await imagePng(24, 16));
    await put(
      join(root, 'SegmentationClass', 'x.png'),
      await encodePng({ ...SIZE, bits: 8, data: classes }),
    );
    await put(
      join(root, 'SegmentationObject', 'x.png'),
      await encodePng({ ...SIZE, bits: 8, data: objects }),
    );
    const listing = await openDataset(root);
    // Without a label map, the classes have the numbers of the PASCAL VOC challenge.
    expect(listing.structures.map(({ name }) => name)).toEqual(['cat']);
    const data = Uint8Array.from(classes, (value) => (value === 8 ? 1 : 0));
    data.fill(1, 3 * 24 + 6, 3 * 24 + 8);
    data.fill(1, 12 * 24, 12 * 24 + 3);
    const { out } = await exported(root, async (project) => {
      await project.addRevision('x', 'cat', { ...SIZE, data }, by);
    });
    const read = async (folder: string) =>
      (await readImageFile(join(out, folder, 'x.png'))).image.data;
    const now = await read('SegmentationClass');
    expect([...now.subarray(0, 24)]).toEqual(Array(24).fill(255));
    expect([...now].map((value) => Number(value === 8))).toEqual([...data]);
    const numbers = await read('SegmentationObject');
    expect([...numbers.subarray(3 * 24, 3 * 24 + 17)].join('')).toBe('00111111000022220');
    expect([...numbers.subarray(12 * 24, 12 * 24 + 4)]).toEqual([3, 3, 3, 0]);
  });
});

describe('the losses foreseen for an export', () => {
  const odd = (mask: Mask): Mask => {
    const data = mask.data.slice();
    data[mask.width + 1] = 1 - data[mask.width + 1];
    return { ...mask, data };
  };

  it('of folders are the pixels of masks that are smaller than their images', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, 'images', 'x.png'), await imagePng(24, 16));
    await put(
      join(root, 'lung', 'x.png'),
      await maskPng(rectangle(12, 8, { x: 2, y: 2, w: 4, h: 4 })),
    );
    await put(
      join(root, 'heart', 'x.png'),
      await maskPng(rectangle(24, 16, { x: 2, y: 2, w: 4, h: 4 })),
    );
    let lung: Mask | null = null;
    const { out, outlook } = await exported(root, async (project) => {
      for (const name of ['lung', 'heart']) {
        const mask = odd((await project.mask('x', name))!);
        if (name === 'lung') lung = mask;
        await project.addRevision('x', name, mask, by);
      }
    });
    const [again] = (await openDataset(out)).cases[0].labels;
    const { mask } = await again.read(SIZE);
    const before = drawn(lung!);
    const pixels = [...drawn(mask)].filter((pixel, i) => pixel !== before[i]).length;
    expect(pixels).toBeGreaterThan(0);
    expect(outlook.losses).toMatchObject([{ case: 'x', structure: 'lung', pixels }]);
  });

  it('of JSRT are the pixels of both sides together, for masks of half the size', async () => {
    const root = join(await temporaryFolder(), 'data');
    const gif = (x: number) =>
      encodeGif(rectangle(12, 8, { x, y: 2, w: 3, h: 4 }), Uint8Array.of(0, 0, 0, 255, 255, 255));
    const paths = { 'left lung': 'left lung/x.gif', 'right lung': 'right lung/x.gif' };
    await put(join(root, paths['left lung']), gif(7));
    await put(join(root, paths['right lung']), gif(1));
    const image = await put(join(root, 'x.IMG'), 'not looked at');
    const mask = rectangle(24, 16, { x: 3, y: 3, w: 17, h: 7 });
    const label = { structure: 'lung', verdict: null, corrected: true, sourceFile: null };
    const item = {
      id: 'x',
      imageFile: image,
      ...SIZE,
      labels: [{ ...label, mask: () => Promise.resolve(mask) }],
    };
    const layout = { sides: 'joined', masks: { x: paths } };
    const options = { root, structures: [], link: false, excluded: [] };
    const writer = await jsrtWriter.open(layout, options);
    const losses = await writer.foresee!(item);
    const out = join(dirname(root), 'out');
    await mkdir(out);
    async function* items() {
      await Promise.resolve();
      yield item;
    }
    await writer.write(out, items());
    const again = emptyMask(24, 16);
    for (const path of Object.values(paths)) {
      const { raster } = await readRaster(join(out, path));
      addMask(again, resampleMask(binaryMask(raster).mask, 24, 16));
    }
    const pixels = differingPixels(again, mask);
    expect(pixels).toBeGreaterThan(0);
    expect(losses).toEqual([{ case: 'x', structure: 'lung', pixels }]);
  });

  it('are an error if a file is missing, and empty if nothing changed', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, 'data.yaml'), 'names: [lung]\n');
    await put(join(root, 'images', 'x.png'), await imagePng(24, 16));
    await put(join(root, 'labels', 'x.txt'), '0 .1 .1 .5 .1 .5 .5\n');
    const before = await contents(root);
    await expect(
      exported(root, async (project) => {
        expect(await foreseeExport(project)).toMatchObject({ corrected: 0, losses: [] });
        await project.addRevision('x', 'lung', rectangle(24, 16, { x: 1, y: 1, w: 2, h: 2 }), by);
        expect(await contents(root)).toEqual(before);
        await rm(join(root, 'labels', 'x.txt'));
      }),
    ).rejects.toThrow(/x\.txt is not there: restore it/);
  });
});
