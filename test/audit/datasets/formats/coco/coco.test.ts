import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFromDataset } from '../../../../../audit/datasets/import/create.ts';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../../../audit/datasets/export/losses.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import type { ForeseenLoss } from '../../../../../audit/datasets/types.ts';
import { UserError } from '../../../../../audit/errors.ts';
import type { Mask } from '../../../../../audit/imaging/types.ts';
import type { ProjectWriter } from '../../../../../audit/store/types.ts';
import { ofBits, rowsOf } from '../../../imaging/masks.ts';
import {
  anyDamage,
  contents,
  foldersDataset,
  imagePng,
  inProject,
  labelsOf,
  put,
  rectangle,
  rowsOfAll,
  temporaryFolder,
} from '../../fixtures.ts';

const FIXTURE = fileURLToPath(new URL('../../../fixtures/coco', import.meta.url));
const TRAIN = 'annotations/instances_train2017.json';
const VAL = 'annotations/instances_val2017.json';
const by = { author: 'tester', reason: 'replace' };

interface Annotation {
  id: number;
  image_id: number;
  category_id: number;
  segmentation: unknown;
  area: number;
  bbox: number[];
}
interface Coco {
  images: { id: number; file_name: string }[];
  annotations: Annotation[];
  categories: { id: number; name: string }[];
}

const parsed = async (...path: string[]): Promise<Coco> =>
  JSON.parse(await readFile(join(...path), 'utf8')) as Coco;

/** The masks that pycocotools reads from the fixture, by case and structure. */
async function expected(): Promise<Map<string, Mask>> {
  const text = await readFile(join(FIXTURE, 'expected.json'), 'utf8');
  const cases = JSON.parse(text) as Record<
    string,
    { width: number; height: number; labels: Record<string, string> }
  >;
  return new Map(
    Object.entries(cases).flatMap(([id, { width, height, labels }]) =>
      Object.entries(labels).map(
        ([name, bits]) => [`${id} ${name}`, ofBits(width, height, bits)] as const,
      ),
    ),
  );
}

/** A copy of the fixture that a test may change. */
async function copied(): Promise<string> {
  const root = join(await temporaryFolder(), 'set');
  await cp(join(FIXTURE, 'dataset'), root, { recursive: true });
  return root;
}

/** Imports the dataset at `root`, changes the project with `work`, and exports the project. */
async function exported(
  root: string,
  work: (project: ProjectWriter) => Promise<void> | void,
  options: { format?: string } = {},
) {
  return inProject(root, async (project, out) => {
    await work(project);
    return { out, result: await exportDataset(project, out, options) };
  });
}

/** A dataset with one image of 24 × 16 and the given annotations. */
async function small(annotations: readonly object[], more: object = {}): Promise<string> {
  const root = join(await temporaryFolder(), 'set');
  await put(join(root, 'images', 'a.png'), await imagePng(24, 16));
  const coco = {
    images: [{ id: 1, file_name: 'a.png', width: 24, height: 16 }],
    annotations: annotations.map((one, i) => ({ id: i + 1, image_id: 1, category_id: 1, ...one })),
    categories: [{ id: 1, name: 'rib' }],
    ...more,
  };
  await put(join(root, 'coco.json'), JSON.stringify(coco));
  return root;
}

const box = (x: number, y: number, w: number, h: number) => [
  [x, y, x + w, y, x + w, y + h, x, y + h],
];

describe('a COCO dataset', () => {
  it('is recognised, and read to the pixel like pycocotools reads it', async () => {
    const listing = await openDataset(join(FIXTURE, 'dataset'));
    expect(listing).toMatchObject({
      format: 'coco',
      because: `${TRAIN} is a COCO file`,
    });
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart', 'rib']);
    expect(listing.cases.map(({ id, split }) => [id, split])).toEqual([
      ['train2017/a', 'train'],
      ['train2017/b', 'train'],
      ['val2017/c', 'val'],
    ]);
    const read = rowsOfAll(await labelsOf(listing));
    const truth = rowsOfAll(await expected());
    for (const [key, rows] of truth) expect([key, read.get(key)]).toEqual([key, rows]);
    // The other labels are empty: their images have annotations, but none of the label's category.
    const rest = [...read].filter(([key]) => !truth.has(key));
    expect(rest.map(([key]) => key)).toEqual([
      'train2017/b heart',
      'train2017/b rib',
      'val2017/c lung',
      'val2017/c rib',
    ]);
    for (const [, rows] of rest) expect(rows.join('')).not.toContain('#');
  });

  it('has notices of boxes, of images without annotations, and of labels taken as empty', async () => {
    const { notices } = await openDataset(join(FIXTURE, 'dataset'));
    const said = notices.map(({ file, reason }) => `${file.split('/').at(-1)} ${reason}`);
    expect(said.sort()).toEqual([
      'd.png has no annotation with an outline or a mask.',
      'instances_train2017.json has 1 annotation with a box or key points alone: they draw no label.',
      'instances_train2017.json has annotated images without an annotation of every category: 2 labels are taken as empty.',
      'instances_val2017.json has annotated images without an annotation of every category: 2 labels are taken as empty.',
    ]);
  });

  it('is exported byte for byte without changes, including images that were not imported', async () => {
    const root = await copied();
    const before = await contents(root);
    const { out, result } = await exported(root, () => undefined);
    const after = await contents(out);
    after.delete('overread-export.json');
    expect(after).toEqual(before);
    expect(result.notices).toEqual([]);
    expect(await contents(root)).toEqual(before);
  });

  it('differs after an export only in the corrected label, which is read as it was drawn', async () => {
    const root = await copied();
    const before = await labelsOf(await openDataset(root));
    const heart = before.get('train2017/a heart')!;
    const fixed = { ...heart, data: heart.data.slice() };
    fixed.data.fill(1, 17 * 40 + 15, 17 * 40 + 30);
    fixed.data[11 * 40 + 18] = 0;
    const { out } = await exported(root, async (project) => {
      await project.addRevision('train2017/a', 'heart', fixed, by);
    });
    const wanted = rowsOfAll(before).set('train2017/a heart', rowsOf(fixed));
    expect(rowsOfAll(await labelsOf(await openDataset(out)))).toEqual(wanted);
    expect(await readFile(join(out, VAL), 'utf8')).toBe(await readFile(join(root, VAL), 'utf8'));
    // In the file only annotation 102 changes, and in it only the fields that depend on the mask.
    const [was, is] = [
      await readFile(join(root, TRAIN), 'utf8'),
      await readFile(join(out, TRAIN), 'utf8'),
    ];
    const from = was.indexOf('{"id": 102');
    const to = was.indexOf('{"id": 103');
    const moved = is.indexOf('{"id": 103');
    expect(is.slice(0, from)).toBe(was.slice(0, from));
    expect(is.slice(moved)).toBe(was.slice(to));
    const own = JSON.parse(is.slice(from, moved - 2)) as Annotation;
    const area = fixed.data.reduce((sum, value) => sum + value, 0);
    expect(own).toMatchObject({ id: 102, iscrowd: 0, score: 0.25, area, bbox: [12, 11, 18, 13] });
    expect(Object.keys(own)).toEqual(Object.keys((await parsed(root, TRAIN)).annotations[1]));
  });

  it('keeps the ids of instances, gives a new instance a new id, and removes an empty one', async () => {
    const root = await small(
      [
        { segmentation: box(1, 1, 4, 4) },
        { segmentation: box(10, 1, 4, 4), note: 'kept' },
        { segmentation: box(18, 1, 4, 4) },
      ],
      { extra: [1, 2] },
    );
    const { out } = await exported(root, async (project) => {
      const mask = await project.mask('a', 'rib');
      const data = mask!.data.slice();
      const fill = (value: number, x: number, y: number, w: number, h: number) => {
        for (let row = y; row < y + h; row += 1) data.fill(value, row * 24 + x, row * 24 + x + w);
      };
      fill(0, 1, 1, 4, 4); // Erases the first instance.
      fill(1, 10, 5, 4, 3); // Makes the second instance larger.
      fill(1, 2, 10, 3, 3); // Draws a new instance.
      await project.addRevision('a', 'rib', { width: 24, height: 16, data }, by);
    });
    const { annotations, ...rest } = await parsed(out, 'coco.json');
    expect(annotations.map(({ id, bbox, area }) => [id, bbox, area])).toEqual([
      [2, undefined, undefined],
      [3, undefined, undefined],
      [4, [2, 10, 3, 3], 9],
    ]);
    expect(annotations[0]).toMatchObject({ note: 'kept', segmentation: { size: [16, 24] } });
    expect(annotations[1].segmentation).toEqual(box(18, 1, 4, 4));
    expect(rest).toMatchObject({ extra: [1, 2] });
  });

  it('loses only excluded labels and excluded cases', async () => {
    const root = await copied();
    const { out, result } = await exported(root, (project) => {
      project.setVerdict('train2017/a', 'lung', 'excluded', { author: 'tester' });
      project.setVerdict('train2017/b', null, 'excluded', { author: 'tester' });
    });
    const train = await parsed(out, TRAIN);
    expect(train.annotations.map(({ id }) => id)).toEqual([102, 103, 104, 105]);
    expect(train.images.map(({ id }) => id)).toEqual([11]);
    expect([...(await contents(out)).keys()].filter((name) => name.endsWith('.png'))).toEqual([
      'images/train2017/a.png',
      'images/val2017/c.png',
      'images/val2017/d.png',
    ]);
    expect(result).toMatchObject({ cases: 2, excludedCases: 1 });
  });

  it('writes a new label into the file of its image', async () => {
    const root = await copied();
    const fixed = rectangle(42, 30, { x: 3, y: 4, w: 10, h: 12 });
    const { out } = await exported(root, async (project) => {
      await project.addRevision('val2017/c', 'lung', fixed, by);
    });
    const { annotations } = await parsed(out, VAL);
    expect(
      annotations.map(({ id, image_id, category_id, area }) => [id, image_id, category_id, area]),
    ).toEqual([
      [1, 11, 7, 1.5],
      [2, 11, 3, 120],
    ]);
    expect(rowsOf((await labelsOf(await openDataset(out))).get('val2017/c lung')!)).toEqual(
      rowsOf(fixed),
    );
    const text = await readFile(join(out, VAL), 'utf8');
    expect(text.startsWith((await readFile(join(root, VAL), 'utf8')).split('"note"')[0])).toBe(
      true,
    );
  });

  it('can be written from another format, and has the same labels when it is read again', async () => {
    const root = join(await temporaryFolder(), 'set');
    await foldersDataset(root, 3);
    const before = rowsOfAll(await labelsOf(await openDataset(root)));
    const { out } = await exported(root, () => undefined, { format: 'coco' });
    const listing = await openDataset(out);
    expect(listing.format).toBe('coco');
    expect(rowsOfAll(await labelsOf(listing))).toEqual(before);
  });

  it('of another size than its image is resampled, and changes only in the corrected instance', async () => {
    const root = await small([
      { segmentation: box(1, 1, 5, 5) },
      { segmentation: box(14, 2, 6, 7) },
    ]);
    await put(join(root, 'images', 'a.png'), await imagePng(36, 24));
    let wanted: Uint8Array = new Uint8Array();
    let foreseen: readonly ForeseenLoss[] = [];
    const { out, result } = await exported(root, async (project) => {
      const mask = (await project.mask('a', 'rib'))!;
      const data = mask.data.slice();
      wanted = data;
      for (let y = 12; y < 18; y += 1) data.fill(0, y * 36 + 20, y * 36 + 33);
      data[0] = 1;
      await project.addRevision('a', 'rib', { ...mask, data }, by);
      foreseen = (await foreseeExport(project)).losses;
    });
    const [again] = (await openDataset(out)).cases[0].labels;
    const { mask: back } = await again.read({ width: 36, height: 24 });
    const pixels = [...back.data].filter((value, i) => value !== wanted[i]).length;
    expect(foreseen).toMatchObject([{ case: 'a', structure: 'rib', pixels }]);
    const { annotations } = await parsed(out, 'coco.json');
    expect(annotations[0].segmentation).toEqual(box(1, 1, 5, 5));
    expect(annotations[1].segmentation).toMatchObject({ size: [16, 24] });
    expect(result.notices.map(({ reason }) => reason)).toEqual([
      'was corrected at 36 × 24 and written at the file’s size, 24 × 16.',
    ]);
  });

  it('leaves a label absent if there is only a box', async () => {
    const categories = [
      { id: 1, name: 'rib' },
      { id: 2, name: 'heart' },
    ];
    const images = [
      { id: 1, file_name: 'a.png', width: 24, height: 16 },
      { id: 2, file_name: 'b.png', width: 24, height: 16 },
    ];
    const root = await small(
      [
        { segmentation: box(1, 1, 5, 5) },
        { category_id: 2, bbox: [1, 1, 4, 4] },
        { image_id: 2, category_id: 2, segmentation: box(1, 1, 5, 5) },
      ],
      { categories, images },
    );
    await put(join(root, 'images', 'b.png'), await imagePng(24, 16, 2));
    const { cases } = await openDataset(root);
    expect(cases.map(({ labels }) => labels.map(({ structure }) => structure))).toEqual([
      ['rib'],
      ['rib', 'heart'],
    ]);
  });

  it('is refused if it names an image outside its folder', async () => {
    const root = await small([{ segmentation: box(1, 1, 5, 5) }]);
    const secret = await put(join(root, '..', 'secret.png'), await imagePng(24, 16, 3));
    const coco = await readFile(join(root, 'coco.json'), 'utf8');
    for (const name of ['../secret.png', 'images/../../secret.png', secret, '..\\secret.png']) {
      await writeFile(join(root, 'coco.json'), coco.replace('"a.png"', JSON.stringify(name)));
      await expect(openDataset(root)).rejects.toThrow(/names the image .* which is/);
    }
  });

  it('has a notice of one sentence for each broken label, and the other labels are read', async () => {
    const root = await small(
      [
        { segmentation: box(1, 1, 5, 5) },
        { category_id: 2, segmentation: { size: [16, 24], counts: [3, 4] } },
        { category_id: 3, segmentation: { size: [99999, 99999], counts: 'abc' } },
        { category_id: 1, segmentation: [[1, 2]] },
        { category_id: 5, segmentation: box(1, 1, 5, 5) },
      ],
      {
        categories: [
          { id: 1, name: 'rib' },
          { id: 2, name: 'heart' },
          { id: 3, name: 'lung' },
        ],
      },
    );
    const { project } = await createFromDataset(`${root}.overread`, await openDataset(root));
    const said = project
      .importNotices()
      .map(({ file, reason }) => `${file.split('/').at(-1)} ${reason}`);
    project.close();
    expect(said.sort()).toEqual([
      'coco.json (annotation 3) is 99999 × 99999 pixels, more than the 20000 a side or the 200 megapixels that are read: cut or scale it down.',
      'coco.json (annotation 4) has a polygon that is not a list of three or more corners: draw it again.',
      'coco.json (heart of a) has runs of 7 pixels in all, but its size is 384 pixels: export it again.',
      'coco.json has 1 annotation of an image or a category that it does not list.',
      'coco.json has the category “lung”, but no annotation that draws it.',
    ]);
  });

  it('with a broken link or duplicate file names is imported without these cases', async () => {
    const root = await small(
      [
        { segmentation: box(1, 1, 5, 5) },
        { image_id: 2, segmentation: box(2, 2, 5, 5) },
        { image_id: 3, segmentation: box(2, 2, 5, 5) },
      ],
      {
        images: [
          { id: 1, file_name: 'a.png', width: 24, height: 16 },
          { id: 2, file_name: 'b.png', width: 24, height: 16 },
          { id: 3, file_name: 'c.png', width: 24, height: 16 },
        ],
      },
    );
    await symlink(join(root, 'nothing'), join(root, 'images', 'b.png'));
    await put(join(root, 'images', 'one', 'c.png'), await imagePng(24, 16, 1));
    await put(join(root, 'images', 'two', 'c.png'), await imagePng(24, 16, 2));
    const { project, result } = await createFromDataset(
      `${root}.overread`,
      await openDataset(root),
    );
    project.close();
    expect(result).toMatchObject({ cases: 1 });
  });

  it('with any damage is read without the damaged parts, or refused in one sentence', async () => {
    const root = await copied();
    const original = await readFile(join(root, TRAIN));
    await fc.assert(
      fc.asyncProperty(anyDamage(original), async (bytes) => {
        await writeFile(join(root, TRAIN), bytes);
        try {
          const listing = await openDataset(root, {}, 'coco');
          for (const { reason } of listing.notices) expect(reason).not.toMatch(/\n|undefined/);
          for (const { labels } of listing.cases) {
            for (const label of labels) {
              const { mask } = await label.read({ width: 40, height: 30 });
              expect(mask.data.length).toBe(1200);
            }
          }
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).not.toMatch(/\n|undefined/);
        }
      }),
      { numRuns: 80, seed: 11 },
    );
  });
});
