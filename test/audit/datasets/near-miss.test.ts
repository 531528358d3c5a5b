/** Datasets that nearly have a format are read right, or one sentence says what is missing. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import {
  imagePng,
  inProject,
  labelsOf,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from './fixtures.ts';

type Files = Readonly<Record<string, Uint8Array | string>>;

async function laid(files: Files): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  for (const [path, bytes] of Object.entries(files)) await put(join(root, path), bytes);
  return root;
}

/** The sentence with which a dataset is refused, with paths below its folder. */
async function refusal(files: Files): Promise<string> {
  const root = await laid(files);
  return openDataset(root).then(
    () => 'it was opened',
    (error: Error) => error.message.replaceAll(`${root}/`, '').replaceAll(root, 'ROOT'),
  );
}

const reasonsOf = async (root: string) =>
  (await openDataset(root)).notices.map(({ reason }) => reason);

describe('masks that share a prefix or a suffix', () => {
  const IDS = ['A_0001', 'A_0002', 'A_0010'];
  const mask = (i: number) => rectangle(24, 16, { x: 2 + i, y: 2, w: 6, h: 7 });

  async function masks(name: (id: string) => string, ids = IDS): Promise<string> {
    const files: Record<string, Uint8Array> = {};
    for (const [i, id] of ids.entries()) {
      files[`images/${id}.png`] = await imagePng(24, 16, i);
      files[`lung/${name(id)}.png`] = await maskPng(mask(i));
    }
    return laid(files);
  }

  it.each([
    ['a suffix', (id: string) => `${id}_LI`, '“…_LI” where its image is called “…”'],
    ['a prefix', (id: string) => `gt.${id}`, '“gt.…” where its image is called “…”'],
    ['both', (id: string) => `seg-${id}-v2`, '“seg-…-v2” where its image is called “…”'],
    [
      'another word than the images',
      (id: string) => id.replace('A_', 'mask '),
      '“mask …” where its image is called “A_…”',
    ],
  ])('are matched, and one notice says so: %s', async (_, name, said) => {
    const root = await masks(name);
    const labels = await labelsOf(await openDataset(root));
    expect([...labels]).toEqual(IDS.map((id, i) => [`${id} lung`, mask(i)]));
    expect(await reasonsOf(root)).toEqual([
      `is called ${said}, as all masks of its folder are: matched so.`,
    ]);
    await inProject(root, async (project, out) => {
      await exportDataset(project, out);
      const names = IDS.map((id) => `${name(id)}.png`);
      expect((await readdir(join(out, 'lung'))).sort()).toEqual(names.sort());
    });
  });

  it('may have a mask without an image, which is said', async () => {
    const root = await masks((id) => `${id}_LI`);
    await put(join(root, 'lung', 'A_0099_LI.png'), await maskPng(mask(0)));
    const { cases } = await openDataset(root);
    expect(cases.map(({ id }) => id)).toEqual(IDS);
    expect(await reasonsOf(root)).toContain('has no image of its name.');
  });

  it('are not matched by a part of a number or a word', async () => {
    const root = await masks((id) => `4${id}`, ['2', '3x']);
    await expect(openDataset(root)).rejects.toThrow(/no mask has the name of an image/);
  });

  it('are not matched if one of them lacks it', async () => {
    const root = await masks((id) => (id === 'A_0010' ? `LI_${id}` : `${id}_LI`));
    await expect(openDataset(root)).rejects.toThrow(/no mask has the name of an image/);
  });
});

describe('YOLO', () => {
  const LINE = '0 .1 .1 .5 .1 .5 .5\n';

  it('says which of two images with one stem it leaves out, and exports both', async () => {
    const root = await laid({
      'data.yaml': 'names: [lung]\ntrain: images\n',
      'images/a.png': await imagePng(24, 16),
      'images/a.tif.png': await imagePng(24, 16, 1),
      'images/a.gif': await imagePng(24, 16, 2),
      'labels/a.txt': LINE,
      'labels/a.tif.txt': LINE,
    });
    expect(await reasonsOf(root)).toEqual(['has the same name as a.png, which was taken.']);
    await inProject(root, async (project, out) => {
      await exportDataset(project, out);
      expect((await readdir(join(out, 'images'))).sort()).toEqual(['a.gif', 'a.png', 'a.tif.png']);
    });
  });

  it('tells an outline without a class from a line without an outline', async () => {
    const root = await laid({
      'data.yaml': 'names: [lung]\ntrain: images\n',
      'images/a.png': await imagePng(24, 16),
      'labels/a.txt': `${LINE}7 .1 .1 .5 .1 .5 .5\n0 nan .1 .5 .1 .5 .5\n`,
    });
    expect(await reasonsOf(root)).toEqual([
      'has 1 outline of a class that has no name: add it to the names of the classes.',
      'has 1 line without an outline, which is a class and three or more corners.',
    ]);
  });

  it.each(['[', '{', '? ', '- ', '[a, '])(
    'refuses a data.yaml of 20,000 levels “%s”',
    async (open) => {
      const root = await laid({
        'data.yaml': `names: [lung]\nx: ${open === '- ' || open === '? ' ? '\n  ' : ''}${open.repeat(20_000)}`,
        'images/a.png': await imagePng(24, 16),
        'labels/a.txt': LINE,
      });
      await expect(openDataset(root, {}, 'yolo')).rejects.toThrow(
        /data\.yaml has more than 20 levels: keep the paths and the names of the classes alone\.$/,
      );
    },
  );

  it('of Label Studio without images says to export it with images', async () => {
    expect(await refusal({ 'classes.txt': 'lung\n', 'labels/a.txt': LINE })).toBe(
      'ROOT has outlines of YOLO in “labels”, but no folder “images”: put the images there, ' +
        'or export “YOLO with Images” from Label Studio.',
    );
  });

  it('in folders of splits without data.yaml says to put it there', async () => {
    const image = await imagePng(24, 16);
    expect(await refusal({ 'train/images/a.png': image, 'train/labels/a.txt': LINE })).toBe(
      'ROOT has no data.yaml, which names the classes: put it there.',
    );
  });
});

describe('a legend that calls other values background', () => {
  const BACKGROUND = '0: background\n1: lung\n64: background\n';

  it.each([
    ['folders', 'images', 'masks', 'classes.txt'],
    ['voc', 'JPEGImages', 'SegmentationClass', 'classes.txt'],
  ])('is not told that they have no name: %s', async (format, images, masks, legend) => {
    const both = rectangle(24, 16, { x: 2, y: 2, w: 6, h: 7 });
    const values = { ...both, data: both.data.map((on, i) => (on === 1 ? 1 : i > 300 ? 64 : 0)) };
    const root = await laid({
      [`${images}/a.png`]: await imagePng(24, 16),
      [`${masks}/a.png`]: await maskPng(values, 1),
      [legend]: BACKGROUND,
    });
    const listing = await openDataset(root);
    expect(listing.format).toBe(format);
    const { mask, notice } = await listing.cases[0].labels[0].read({ width: 24, height: 16 });
    expect([mask, notice?.reason]).toEqual([both, undefined]);
  });
});

describe('JSON that nearly is an export', () => {
  it('of Label Studio in its short form says which form to export', async () => {
    const task = { image: '/data/upload/1/a.png', tag: [{ format: 'rle', rle: [0, 1] }] };
    const text = JSON.stringify([{ ...task, id: 1, annotator: 1, annotation_id: 1 }]);
    expect(await refusal({ 'project.json': text, 'images/a.png': await imagePng(24, 16) })).toBe(
      'project.json is JSON-MIN of Label Studio, which is not read: export the project as “JSON”.',
    );
  });

  it('of COCO with NaN says so', async () => {
    const text =
      '{"images": [{"id": 1, "file_name": "a.png", "width": 24, "height": 16}], "categories": ' +
      '[{"id": 1, "name": "lung"}], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, ' +
      '"area": NaN, "segmentation": [[2, 2, 10, 2, 10, 10]]}]}';
    expect(await refusal({ 'x.json': text, 'a.png': await imagePng(24, 16) })).toBe(
      'x.json is no JSON that can be read: entry 1 of “annotations” holds NaN, which is no number ' +
        'of JSON: correct it, and write it again.',
    );
  });

  it('of labelme with NaN says so, where no other format fits', async () => {
    const text =
      '{"shapes": [{"label": "lung", "points": [[2, 2], [NaN, 2], [9, 9]], "shape_type": "polygon"}], ' +
      '"imagePath": "a.png", "imageData": null, "imageHeight": 16, "imageWidth": 24}';
    expect(await refusal({ 'a.json': text, 'a.png': await imagePng(24, 16) })).toBe(
      'a.json is no valid JSON: it holds NaN, which is no number of JSON: correct it, and write it again.',
    );
  });
});

describe('CVAT', () => {
  const image = (name: string, shape: string) =>
    `<annotations><image name="${name}" width="24" height="16">${shape}</image></annotations>`;
  const polygon = '<polygon label="lung" points="2,2;10,2;10,10" />';

  it('says of an image in a format that is not read that it is there', async () => {
    const files = { 'annotations.xml': image('a.webp', polygon), 'images/a.webp': 'x' };
    expect(await refusal(files)).toMatch(
      /names the image “a\.webp”, which is there, but is no image that is read \(.*\): save it as PNG\.$/,
    );
  });

  it('finds an image by a name with percent-escapes', async () => {
    const root = await laid({
      'annotations.xml': image('my%20scans/a%20b.png', polygon),
      'images/a b.png': await imagePng(24, 16),
    });
    expect((await openDataset(root)).cases.map(({ id }) => id)).toEqual(['a b']);
  });

  it.each([
    ['', 'has a mask whose runs (rle) are no list of numbers: draw it again.'],
    ['1, x', 'has a mask whose runs (rle) are no list of numbers: draw it again.'],
    ['4, 14', 'has a mask whose runs have 18 pixels, and its box of 4 × 4 has 16: draw it again.'],
  ])('says what is wrong with the runs “%s”', async (rle, said) => {
    const shape = `<mask label="lung" rle="${rle}" left="1" top="1" width="4" height="4" />`;
    const root = await laid({
      'annotations.xml': image('a.png', shape),
      'images/a.png': await imagePng(24, 16),
    });
    const [label] = (await openDataset(root)).cases[0].labels;
    await expect(label.read({ width: 24, height: 16 })).rejects.toThrow(said);
  });

  it('says of a point that is no number that it is none', async () => {
    const shape = '<polygon label="lung" points="2,2;NaN,2;9,9" />';
    const root = await laid({
      'annotations.xml': image('a.png', shape),
      'images/a.png': await imagePng(24, 16),
    });
    const [label] = (await openDataset(root)).cases[0].labels;
    await expect(label.read({ width: 24, height: 16 })).rejects.toThrow(
      /has a shape with a point that is no number: draw it again/,
    );
  });
});
