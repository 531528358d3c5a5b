import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_CASE_NAME } from '../../../audit/contract/terms.ts';
import { createFromDataset } from '../../../audit/datasets/import/create.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { imagePng, maskPng, put, rectangle, temporaryFolder } from './fixtures.ts';

const SIZE = { width: 24, height: 16 };
const [LEFT, TOP, RIGHT, BOTTOM] = [2, 3, 10, 12];
const lung = rectangle(24, 16, { x: LEFT, y: TOP, w: RIGHT - LEFT, h: BOTTOM - TOP });
const CORNERS = [
  [LEFT, TOP],
  [RIGHT, TOP],
  [RIGHT, BOTTOM],
  [LEFT, BOTTOM],
];

/** A path of `length` characters, whose folder names are short enough for a file system. */
function pathOf(length: number): string {
  const folder = `${'d'.repeat(99)}/`;
  const folders = folder.repeat(Math.floor((length - 1) / folder.length));
  return `${folders}${'f'.repeat(length - folders.length)}`;
}

/** Writes images with the given names (without extension) and their labels into the folder `root`. */
type Lay = (root: string, names: readonly string[]) => Promise<void>;

async function putImages(root: string, names: readonly string[], end = '.png'): Promise<void> {
  for (const [seed, name] of names.entries()) {
    await put(join(root, `${name}${end}`), await imagePng(24, 16, seed));
  }
}

async function putMasks(root: string, names: readonly string[], on = 255): Promise<void> {
  for (const name of names) await put(join(root, `${name}.png`), await maskPng(lung, on));
}

const points = CORNERS.map((corner) => corner.join(',')).join(';');
/**
 * Format → the function that writes a dataset in it. JSRT and DICOM are missing: their cases are named
 * after the file without its folder, and a file name cannot be that long.
 */
const layOf: Record<string, Lay> = {
  folders: async (root, names) => {
    await putImages(join(root, 'images'), names);
    await putMasks(join(root, 'lung'), names);
  },
  nnunet: async (root, names) => {
    await putImages(join(root, 'imagesTr'), names, '_0000.png');
    await putMasks(join(root, 'labelsTr'), names, 1);
    const described = { channel_names: { 0: 'xray' }, labels: { background: 0, lung: 1 } };
    await put(join(root, 'dataset.json'), JSON.stringify({ ...described, file_ending: '.png' }));
  },
  voc: async (root, names) => {
    await putImages(join(root, 'JPEGImages'), names);
    await putMasks(join(root, 'SegmentationClass'), names, 1);
    await put(join(root, 'labelmap.txt'), 'background:0,0,0::\nlung:128,0,0::\n');
  },
  yolo: async (root, names) => {
    await putImages(join(root, 'images'), names);
    for (const name of names) {
      await put(join(root, 'labels', `${name}.txt`), '0 .1 .1 .5 .1 .5 .5\n');
    }
    await put(join(root, 'data.yaml'), 'train: images\nnames: [lung]\n');
  },
  coco: async (root, names) => {
    await putImages(root, names);
    const file = {
      images: names.map((name, id) => ({ id, file_name: `${name}.png`, ...SIZE })),
      annotations: names.map((_, id) => ({
        ...{ id, image_id: id, category_id: 1 },
        segmentation: [CORNERS.flat()],
      })),
      categories: [{ id: 1, name: 'lung' }],
    };
    await put(join(root, 'coco.json'), JSON.stringify(file));
  },
  cvat: async (root, names) => {
    await putImages(root, names);
    const images = names.map(
      (name, id) =>
        `<image id="${id}" name="${name}.png" width="24" height="16">` +
        `<polygon label="lung" points="${points}"></polygon></image>`,
    );
    await put(join(root, 'annotations.xml'), `<annotations>${images.join('')}</annotations>`);
  },
  labelstudio: async (root, names) => {
    await putImages(root, names);
    const value = { points: [[10, 10], [50, 10], [50, 50]], polygonlabels: ['lung'] }; // prettier-ignore
    const size = { original_width: SIZE.width, original_height: SIZE.height };
    const region = { id: 'r', type: 'polygonlabels', value, ...size };
    const tasks = names.map((name, id) => ({
      ...{ id, data: { image: `${name}.png` } },
      annotations: [{ result: [region] }],
    }));
    await put(join(root, 'tasks.json'), JSON.stringify(tasks));
  },
  labelme: async (root, names) => {
    await putImages(root, names);
    const shapes = [{ label: 'lung', points: CORNERS, shape_type: 'polygon' }];
    for (const name of names) {
      const file = { imagePath: `${name.split('/').at(-1)}.png`, shapes };
      await put(join(root, `${name}.json`), JSON.stringify(file));
    }
  },
  manifest: async (root, names) => {
    await putImages(join(root, 'x'), names);
    await putMasks(join(root, 'masks'), names);
    const rows = names.map((name) => `x/${name}.png,masks/${name}.png,lung`);
    await put(join(root, 'manifest.csv'), ['image,mask,structure', ...rows].join('\n'));
  },
};
/** Format → the text that the names of its cases begin with, before the given name. */
const BEFORE: Readonly<Record<string, string>> = { manifest: 'x/' };

describe('the name of a case', () => {
  it.each(Object.keys(layOf))('in %s may have 512 characters and no more', async (format) => {
    const root = join(await temporaryFolder(), 'data');
    const before = BEFORE[format] ?? '';
    const longest = pathOf(MAX_CASE_NAME - before.length);
    const tooLong = pathOf(MAX_CASE_NAME + 1 - before.length);
    await layOf[format](root, ['b', longest, tooLong]);
    const listing = await openDataset(root, {}, format);
    const taken = [`${before}b`, `${before}${longest}`];
    expect(listing.cases.map(({ id }) => id).sort()).toEqual(taken);
    const reason = expect.stringMatching(/longer than 512 characters.*: shorten/) as string;
    // Notices shorten long paths in the middle, so only the last part of the path is compared.
    const name = `/${tooLong.split('/').at(-1)}`;
    const told = listing.notices.filter(({ file }) => file.includes(name));
    expect(told).toEqual([{ kind: 'left-out', file: expect.any(String) as string, reason }]);
    const { project } = await createFromDataset(join(root, '..', 'p.overread'), listing);
    expect(project.caseIds().sort()).toEqual(taken);
    project.close();
  });

  it('is the reason for refusing a dataset if all names are too long', async () => {
    const root = join(await temporaryFolder(), 'data');
    await layOf.yolo(root, [pathOf(MAX_CASE_NAME + 1)]);
    const created = createFromDataset(join(root, '..', 'p.overread'), await openDataset(root));
    await expect(created).rejects.toThrow(/No case of .* longer than 512 characters/);
  });
});
