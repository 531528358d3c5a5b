/** Datasets as other tools hand them out: image names of another machine, same names, near misses. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { imagePng, inProject, maskPng, put, rectangle, temporaryFolder } from './fixtures.ts';

const SQUARE = [2, 2, 10, 2, 10, 10, 2, 10];

/** A COCO dataset with an annotation in each image. */
async function coco(
  images: Readonly<Record<string, string>>,
  file = 'result.json',
): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  const names = Object.entries(images);
  for (const [seed, [path]] of names.entries()) {
    await put(join(root, path), await imagePng(24, 16, seed));
  }
  await put(
    join(root, file),
    JSON.stringify({
      images: names.map(([, file_name], id) => ({ id, file_name, width: 24, height: 16 })),
      categories: [{ id: 1, name: 'lung' }],
      annotations: names.map((_, id) => ({
        id,
        image_id: id,
        category_id: 1,
        segmentation: [SQUARE],
      })),
    }),
  );
  return root;
}

const reasons = async (root: string) =>
  (await openDataset(root)).notices.map(({ reason }) => reason);

describe('the image that a file names', () => {
  it.each([
    ['a path out of the folder', '../../label-studio/media/upload/4/a.png'],
    ['a path of Windows out of the folder', '..\\..\\label-studio\\media\\a.png'],
    ['an absolute path of Windows', 'C:\\data\\images\\a.png'],
    ['percent-escapes', 'images/%61.png'],
    ['a URL', 'https://host/data/a.png?x=1'],
    ['a URL with percent-escapes', 's3://bucket/some%20folder/%61.png'],
  ])('is found by its name in %s', async (_, name) => {
    const listing = await openDataset(
      await coco({ 'images/a.png': name, 'images/b.png': 'b.png' }),
    );
    expect(listing.notices).toEqual([]);
    expect(listing.cases.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is found by a path from the folder of the file', async () => {
    const root = await coco(
      { 'train/images/a.png': '../images/a.png', 'val/images/a.png': '../../val/images/a.png' },
      'train/annotations/x.json',
    );
    const { cases, notices } = await openDataset(root);
    expect(notices).toEqual([]);
    expect(cases.map(({ id }) => id)).toEqual(['train/images/a', 'val/images/a']);
  });

  it('is its literal name where a file is called so', async () => {
    const root = await coco({ 'images/%61.png': '%61.png', 'images/a.png': 'a.png' });
    const { cases } = await openDataset(root);
    expect(cases.map(({ imageFile }) => imageFile)).toEqual([
      join(root, 'images', '%61.png'),
      join(root, 'images', 'a.png'),
    ]);
  });

  it('that is there in a format that is not read is said to be there', async () => {
    const root = await coco({ 'images/a.webp': 'a.webp', 'images/b.png': 'b.png' });
    expect(await reasons(root)).toEqual([
      expect.stringMatching(
        /^names the image “a\.webp”, which is there, but is no image that is read \(.*\): save it as PNG\.$/,
      ),
    ]);
  });
});

describe('two images with one name and two extensions', () => {
  const IMAGES = { 'image1.jpg': 'image1.jpg', 'image1.png': 'image1.png', 'b.png': 'b.png' };

  it('are two cases of COCO, and an export has both', async () => {
    const root = await coco(IMAGES);
    const { cases, notices } = await openDataset(root);
    expect(notices).toEqual([]);
    expect(cases.map(({ id }) => id)).toEqual(['image1', 'image1.png', 'b']);
    await inProject(root, async (project, out) => {
      expect(project.counts.cases).toBe(3);
      await exportDataset(project, out);
      expect(await readdir(out)).toEqual(expect.arrayContaining(Object.keys(IMAGES)));
    });
  });

  it('are two cases of CVAT', async () => {
    const root = join(await temporaryFolder(), 'data');
    const images = ['image1.jpg', 'image1.png'].map(
      (name) =>
        `<image name="${name}" width="24" height="16">` +
        '<polygon label="lung" points="2,2;10,2;10,10" /></image>',
    );
    await put(join(root, 'annotations.xml'), `<annotations>${images.join('')}</annotations>`);
    for (const [seed, name] of ['image1.jpg', 'image1.png'].entries()) {
      await put(join(root, 'images', name), await imagePng(24, 16, seed));
    }
    await inProject(root, async (project) => {
      await Promise.resolve();
      expect([...project.caseIds()].sort()).toEqual(['image1', 'image1.png']);
    });
  });
});

describe('a dataset that nearly has a format', () => {
  async function refusal(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
    const root = join(await temporaryFolder(), 'data');
    for (const [path, bytes] of Object.entries(files)) await put(join(root, path), bytes);
    return openDataset(root).then(
      () => 'it was opened',
      (error: Error) => error.message.replace(`${root}/`, '').replace(root, 'ROOT'),
    );
  }

  it('of a ZIP archive is to be unpacked', async () => {
    expect(await refusal({ 'export.zip': 'PK' })).toBe(
      'export.zip is a ZIP archive: unpack it first, such as with "overread create --unpack", and name the folder that comes out of it.',
    );
    const file = await put(join(await temporaryFolder(), 'a.zip'), 'PK');
    await expect(openDataset(file)).rejects.toThrow(/a\.zip is a ZIP archive: unpack it first/);
    expect(await refusal({ 'chest.overread.zip': 'PK' })).toBe(
      'chest.overread.zip is a packed project, not a dataset: open it with "overread unpack", or choose Unpack in the window.',
    );
  });

  it('of YOLO without names lacks data.yaml', async () => {
    expect(
      await refusal({ 'images/a.png': await imagePng(24, 16), 'labels/a.txt': '0 0 0 1 0 1 1' }),
    ).toBe('ROOT has no data.yaml, which names the classes: put it there.');
  });

  it('of YOLO with a wrong data.yaml has the error of that file', async () => {
    expect(await refusal({ 'data.yaml': 'train: images\n' })).toMatch(
      /^data\.yaml must hold the names of the classes/,
    );
  });

  it('of CVAT with a video says which export to make', async () => {
    const track = '<track id="0" label="lung"><polygon frame="0" points="1,1;2,2;3,1" /></track>';
    expect(await refusal({ 'annotations.xml': `<annotations>${track}</annotations>` })).toMatch(
      /has 1 track of a video, which is not read: export the job as “CVAT for images 1\.1”\.$/,
    );
  });
});

describe('a YOLO dataset', () => {
  const LINE = '0 .1 .1 .5 .1 .5 .5\n';

  it('may name its classes in the classes.txt of Label Studio', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, 'classes.txt'), 'lung\nheart\n');
    await put(join(root, 'images', 'train', 'a.png'), await imagePng(24, 16));
    await put(join(root, 'labels', 'train', 'a.txt'), LINE);
    const listing = await openDataset(root);
    expect(listing.format).toBe('yolo');
    expect(listing.cases.map(({ id }) => id)).toEqual(['train/a']);
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart']);
  });

  it('is not what a legend classes.txt beside masks means', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, 'classes.txt'), 'lung\n');
    await put(join(root, 'images', 'a.png'), await imagePng(24, 16));
    const mask = rectangle(24, 16, { x: 2, y: 2, w: 4, h: 4 });
    await put(join(root, 'labels', 'a.png'), await maskPng(mask, 1));
    expect((await openDataset(root)).format).toBe('folders');
  });

  it('is found when data.yaml has the paths of another machine', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(
      join(root, 'data.yaml'),
      'names: [lung]\ntrain: /content/x/train/images\nval: D:\\x\\valid\\images\n',
    );
    for (const [seed, part] of ['train', 'valid'].entries()) {
      await put(join(root, part, 'images', `${part}.png`), await imagePng(24, 16, seed));
      await put(join(root, part, 'labels', `${part}.txt`), LINE);
    }
    const { cases } = await openDataset(root);
    expect(cases.map(({ split }) => split)).toEqual(['train', 'val']);
  });
});
