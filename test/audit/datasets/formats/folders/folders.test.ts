import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../../../audit/codecs/png.ts';
import { foldersReader } from '../../../../../audit/datasets/formats/folders/reader.ts';
import type { DatasetListing } from '../../../../../audit/datasets/types.ts';
import {
  drawn,
  foldersDataset,
  imagePng,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../../fixtures.ts';

const box = rectangle(24, 16, { x: 2, y: 2, w: 5, h: 5 });
const open = (root: string, options: Record<string, unknown> = {}) =>
  foldersReader.open(root, options);
/** The path of each file with a notice, relative to the root → the reason in its notice. */
const reasons = (listing: DatasetListing, root: string) =>
  Object.fromEntries(
    listing.notices.map(({ file, reason }) => [file.slice(root.length + 1), reason]),
  );

describe('a dataset of folders', () => {
  it('is recognised by the folders in its root', async () => {
    const root = await temporaryFolder();
    const ids = await foldersDataset(root, 3);
    expect((await foldersReader.guess(root))?.because).toContain('images');
    const listing = await open(root);
    expect(listing.cases.map(({ id }) => id)).toEqual(ids);
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart']);
    expect(new Set(listing.structures.map(({ colour }) => colour)).size).toBe(2);
    expect(listing.notices).toEqual([]);
    const [first] = listing.cases;
    expect((await first.readImage()).image).toMatchObject({ width: 24, height: 16, bits: 8 });
    const { mask, notice } = await first.labels[1].read({ width: 24, height: 16 });
    expect(drawn(mask)).toBe(drawn(rectangle(24, 16, { x: 10, y: 5, w: 4, h: 6 })));
    expect(notice).toBeUndefined();
  });

  it('may have its structures in a folder called masks', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'CXR_png', 'a.png'), await imagePng(24, 16));
    await put(join(root, 'masks', 'left lung', 'a.png'), await maskPng(box));
    await put(join(root, 'masks', 'right lung', 'a.png'), await maskPng(box));
    const listing = await open(root);
    expect(listing.structures.map(({ name }) => name)).toEqual(['left lung', 'right lung']);
  });

  it('may consist of named folders anywhere on the disk', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'a', 'pictures', 'x.png'), await imagePng(24, 16));
    await put(join(root, 'b', 'm1', 'x.png'), await maskPng(box));
    const labels = { 'the lungs': join(root, 'b', 'm1') };
    const listing = await open('', { images: join(root, 'a', 'pictures'), labels });
    expect(listing.cases.map(({ id }) => id)).toEqual(['x']);
    expect(listing.structures.map(({ name }) => name)).toEqual(['the lungs']);
    expect(listing.root).toBe(resolve(root));
    expect(listing.folders).toEqual([join(root, 'a', 'pictures'), join(root, 'b', 'm1')]);
  });

  it('matches masks in nested folders by their paths, and by names with usual endings', async () => {
    const root = await temporaryFolder();
    for (const id of ['train/a', 'train/b', 'test/a']) {
      await put(join(root, 'images', `${id}.png`), await imagePng(24, 16));
    }
    await put(join(root, 'lung', 'train', 'a_lung_mask.png'), await maskPng(box));
    await put(join(root, 'lung', 'train', 'b-label.png'), await maskPng(box));
    await put(join(root, 'lung', 'test', 'a.png'), await maskPng(box));
    const listing = await open(root);
    expect(listing.cases.map(({ id }) => id)).toEqual(['test/a', 'train/a', 'train/b']);
    expect(listing.cases.every(({ labels }) => labels.length === 1)).toBe(true);
  });

  it('matches names in different Unicode forms', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'images', 'e\u0301te\u0301.png'), await imagePng(24, 16));
    await put(join(root, 'lung', '\u00e9t\u00e9.png'), await maskPng(box));
    expect((await open(root)).cases.map(({ id }) => id)).toEqual(['\u00e9t\u00e9']);
  });

  it('reads the splits from splits.json beside its folders', async () => {
    const root = await temporaryFolder();
    const [a, b] = await foldersDataset(root, 2);
    await put(join(root, 'splits.json'), JSON.stringify({ train: [a], test: [b] }));
    expect((await open(root)).cases.map(({ split }) => split)).toEqual(['train', 'test']);
    await put(join(root, 'splits.json'), '{"train": 3');
    const broken = await open(root);
    expect(broken.cases.map(({ split }) => split)).toEqual([null, null]);
    expect(reasons(broken, root)['splits.json']).toMatch(/so the cases have no split/);
  });

  it('lists what it leaves out with a reason, and reads the rest', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 2);
    await put(join(root, 'images', 'lonely.png'), await imagePng(24, 16));
    await put(join(root, 'images', 'case 00 胸.jpg'), await imagePng(24, 16));
    await put(join(root, 'images', 'notes.txt'), 'hello');
    await put(join(root, 'lung', 'stray.png'), await maskPng(box));
    await put(join(root, 'lung', 'case 00 胸_mask.png'), await maskPng(box));
    await put(join(root, 'other', 'stray.png'), await maskPng(box));
    await put(join(root, 'truth', 'lung', 'case 00 胸.png'), await maskPng(box));
    const listing = await open(root);
    expect(listing.cases).toHaveLength(2);
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart']);
    expect(reasons(listing, root)).toEqual({
      'images/lonely.png': 'has no mask of any structure.',
      'images/case 00 胸.jpg': 'has the same name as case 00 胸.png, which was taken.',
      'images/notes.txt':
        'is not named like an image (PNG, JPEG, TIFF, GIF, BMP, JSRT raw, DICOM, NIfTI).',
      'lung/stray.png': 'has no image of its name.',
      'lung/case 00 胸_mask.png': 'is a second mask of case 00 胸: case 00 胸.png was taken.',
      other: 'is a folder of masks, but no mask has the name of an image.',
    });
  });

  it('is refused in one sentence that says what is missing', async () => {
    const root = await temporaryFolder();
    await expect(open(join(root, 'nowhere'))).rejects.toThrow(/nowhere is not there/);
    await expect(open(await put(join(root, 'file.png'), 'x'))).rejects.toThrow(/is a file/);
    await expect(open(root)).rejects.toThrow(/no folder called “images”/);
    await put(join(root, 'images', 'a.txt'), 'x');
    await expect(open(root)).rejects.toThrow(/no folder of masks/);
    await put(join(root, 'lung', 'b.png'), await maskPng(box));
    await expect(open(root)).rejects.toThrow(/has no image in it/);
    await put(join(root, 'images', 'a.png'), await imagePng(24, 16));
    await expect(open(root)).rejects.toThrow(/lung is a folder of masks, but no mask has the name/);
    const images = join(root, 'images');
    await expect(open('', { images })).rejects.toThrow(/--labels/);
    await expect(open('', { images, labels: { lung: images } })).rejects.toThrow(/two folders/);
    const labels = { '../x': join(root, 'lung') };
    await expect(open('', { images, labels })).rejects.toThrow(/cannot name a structure/);
  });
});

describe('multi-valued masks', () => {
  const values = (...rows: string[]) => ({
    width: rows[0].length,
    height: rows.length,
    bits: 8 as const,
    data: Uint8Array.from(rows.join(''), Number),
  });

  async function dataset(root: string) {
    await put(join(root, 'images', 'a.png'), await imagePng(4, 2));
    await put(join(root, 'masks', 'a.png'), await encodePng(values('0122', '0157')));
  }

  it('are split by the legend in the dataset, and unknown values give one notice', async () => {
    for (const [name, text] of [
      ['legend.json', '{"1": "lung", "2": "heart"}'],
      ['legend.json', '{"lung": 1, "heart": 2}'],
      ['masks/legend.json', '["background", "lung", "heart"]'],
      ['classes.txt', '# ours\n1: lung\n2: heart\n'],
      ['masks/classes.txt', 'lung\nheart\n'],
    ]) {
      const root = await temporaryFolder();
      await dataset(root);
      await put(join(root, name), text);
      const listing = await open(root);
      expect(listing.structures.map((structure) => structure.name)).toEqual(['lung', 'heart']);
      const read = await Promise.all(
        listing.cases[0].labels.map((label) => label.read({ width: 4, height: 2 })),
      );
      expect(read.map(({ mask }) => drawn(mask))).toEqual(['.#..\n.#..', '..##\n....']);
      expect(read.map(({ notice }) => notice?.reason)).toEqual([
        'holds the values 5, 7, which the legend does not name: they belong to no structure.',
        undefined,
      ]);
    }
  });

  it('are split by a legend that is given as an option', async () => {
    const root = await temporaryFolder();
    await dataset(root);
    const legend = { 5: 'tube' };
    expect((await open(root, { legend })).structures.map(({ name }) => name)).toEqual(['tube']);
    const named = { images: join(root, 'images'), labels: { any: join(root, 'masks') }, legend };
    expect((await open('', named)).structures.map(({ name }) => name)).toEqual(['tube']);
    for (const [name, text] of [
      ['legend.json', '{"5": "tube"}'],
      ['our classes.txt', '5: tube\n'],
    ]) {
      const file = await put(join(root, 'elsewhere', name), text);
      const from = await open('', { ...named, legend: file });
      expect(from.structures.map((structure) => structure.name)).toEqual(['tube']);
    }
  });

  it('are refused without a legend, in a sentence that advises to add one', async () => {
    const root = await temporaryFolder();
    await dataset(root);
    const [first] = (await open(root)).cases;
    await expect(first.labels[0].read({ width: 4, height: 2 })).rejects.toThrow(/with a legend/);
  });

  it('are refused if the legend is invalid', async () => {
    const root = await temporaryFolder();
    await dataset(root);
    for (const [text, message] of [
      ['{"1": "lung"', /not valid JSON/],
      ['{"1.5": "lung"}', /whole values/],
      ['{"1": "lung", "2": "lung"}', /twice/],
      ['{"1": "a/b"}', /cannot name a structure/],
      ['{}', /names no structure/],
      ['7', /must hold values/],
    ] as const) {
      await put(join(root, 'legend.json'), text);
      await expect(open(root)).rejects.toThrow(message);
    }
  });
});
