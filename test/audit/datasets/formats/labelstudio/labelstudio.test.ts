import { cp, readFile, writeFile } from 'node:fs/promises';
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

const FIXTURE = fileURLToPath(new URL('../../../fixtures/labelstudio', import.meta.url));
const EXPORT = 'project-1-at-2026-03-02.json';
const by = { author: 'tester', reason: 'replace' };

interface Region {
  id: string;
  type: string;
  from_name: string;
  to_name: string;
  value: { rle?: number[]; points?: number[][]; brushlabels?: string[] };
}
interface Task {
  id: number;
  annotations: { id: number; result: Region[] }[];
}

const tasksOf = async (root: string): Promise<Task[]> =>
  JSON.parse(await readFile(join(root, EXPORT), 'utf8')) as Task[];

/** A copy of the fixture that a test may change. */
async function copied(): Promise<string> {
  const root = join(await temporaryFolder(), 'set');
  await cp(join(FIXTURE, 'dataset'), root, { recursive: true });
  return root;
}

/** Imports the dataset at `root`, changes the project with `work`, and exports the project. */
async function exported(root: string, work: (project: ProjectWriter) => Promise<void> | void) {
  return inProject(root, async (project, out) => {
    await work(project);
    return { out, result: await exportDataset(project, out) };
  });
}

describe('a Label Studio export', () => {
  it('is recognised, and read to the pixel like its own converter reads it', async () => {
    const listing = await openDataset(join(FIXTURE, 'dataset'));
    expect(listing).toMatchObject({
      format: 'labelstudio',
      because: `${EXPORT} holds tasks of Label Studio`,
    });
    expect(listing.structures.map(({ name }) => name)).toEqual(['Lung', 'Heart']);
    expect(listing.cases.map(({ id, annotator }) => [id, annotator])).toEqual([
      ['a', 'ann@example.org'],
      ['b', '7'],
      ['c', 'ann@example.org'],
    ]);
    const truth = JSON.parse(await readFile(join(FIXTURE, 'expected.json'), 'utf8')) as Record<
      string,
      { width: number; height: number; labels: Record<string, string> }
    >;
    const wanted = new Map<string, string[]>();
    for (const [id, { width, height, labels }] of Object.entries(truth)) {
      if (id === 'd') continue;
      for (const name of ['Lung', 'Heart']) {
        const bits = labels[name] ?? '00'.repeat(Math.ceil((width * height) / 8));
        wanted.set(`${id} ${name}`, rowsOf(ofBits(width, height, bits)));
      }
    }
    expect(rowsOfAll(await labelsOf(listing))).toEqual(wanted);
  });

  it('has notices that say which annotation was chosen, and that predictions are not imported', async () => {
    const { notices } = await openDataset(join(FIXTURE, 'dataset'));
    const said = notices.map(({ file, reason }) => `${file.split('/').at(-1)} ${reason}`);
    expect(said).toEqual([
      `${EXPORT} (task 2) has 2 annotations: the newest by 7 was taken.`,
      'd.png has no annotation; predictions are not imported.',
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

  it('differs after an export only in the corrected regions, which are read as they were drawn', async () => {
    const root = await copied();
    const before = await labelsOf(await openDataset(root));
    const lung = before.get('a Lung')!;
    const fixed = { ...lung, data: lung.data.slice() };
    // The added pixels belong to the brush on the right; the polygon on the left must stay as it is.
    fixed.data.fill(1, 15 * 40 + 28, 15 * 40 + 39);
    const { out, result } = await exported(root, async (project) => {
      await project.addRevision('a', 'Lung', fixed, by);
    });
    const wanted = rowsOfAll(before).set('a Lung', rowsOf(fixed));
    expect(rowsOfAll(await labelsOf(await openDataset(out)))).toEqual(wanted);
    const was = await readFile(join(root, EXPORT), 'utf8');
    const is = await readFile(join(out, EXPORT), 'utf8');
    const rle = /"rle": ?\[[^\]]*\]/g;
    const [first, ...others] = was.match(rle)!;
    const [changed, ...same] = is.match(rle)!;
    expect(changed).not.toBe(first);
    expect(same).toEqual(others);
    expect(is.replace(changed, first)).toBe(was);
    expect(result.notices).toEqual([]);
  });

  it('of another size than its image loses as many pixels as foreseen', async () => {
    const root = await copied();
    const { width, height } = (await labelsOf(await openDataset(root))).get('a Lung')!;
    await put(join(root, 'xrays', 'a.png'), await imagePng(width * 2, height * 2));
    const before = (await labelsOf(await openDataset(root))).get('a Lung')!;
    const fixed = { ...before, data: before.data.slice() };
    // The task stores masks at half the image's width and height, so it cannot hold a line that is one pixel
    // high.
    fixed.data.fill(1, 0, 9);
    let foreseen: readonly ForeseenLoss[] = [];
    const { out } = await exported(root, async (project) => {
      await project.addRevision('a', 'Lung', fixed, by);
      foreseen = (await foreseeExport(project)).losses;
    });
    const after = (await labelsOf(await openDataset(out))).get('a Lung')!;
    const pixels = after.data.filter((value, i) => value !== fixed.data[i]).length;
    expect(pixels).toBeGreaterThan(0);
    expect(foreseen).toMatchObject([{ case: 'a', structure: 'Lung', pixels }]);
  });

  it('turns corrected polygons into brushes, with a notice', async () => {
    const root = await copied();
    const fixed = rectangle(41, 30, { x: 16, y: 12, w: 14, h: 9 });
    const { out, result } = await exported(root, async (project) => {
      await project.addRevision('b', 'Heart', fixed, by);
    });
    const [, task] = await tasksOf(out);
    const [region] = task.annotations[1].result;
    expect(task.annotations[1].result.length).toBe(1);
    expect(region).toMatchObject({ id: 'poly000002', type: 'brushlabels' });
    expect(region.value).toMatchObject({ format: 'rle', brushlabels: ['Heart'] });
    expect(region.value.points).toBeUndefined();
    expect(task.annotations[0]).toEqual((await tasksOf(root))[1].annotations[0]);
    expect(rowsOf((await labelsOf(await openDataset(out))).get('b Heart')!)).toEqual(rowsOf(fixed));
    expect(result.notices.map(({ reason }) => reason)).toEqual([
      'was drawn as a polygon and is a brush now: the labelling needs BrushLabels to show it.',
    ]);
  });

  it('gets a region for a new label, and loses excluded labels and cases', async () => {
    const root = await copied();
    const drawn = rectangle(42, 30, { x: 3, y: 4, w: 5, h: 6 });
    const { out, result } = await exported(root, async (project) => {
      await project.addRevision('c', 'Heart', drawn, by);
      project.setVerdict('a', 'Lung', 'excluded', { author: 'tester' });
      project.setVerdict('b', null, 'excluded', { author: 'tester' });
    });
    const tasks = await tasksOf(out);
    expect(tasks.map(({ id }) => id)).toEqual([1, 3, 4]);
    expect(tasks[0].annotations[0].result.map(({ id }) => id)).toEqual(['brush00002', 'c1']);
    const [region] = tasks[1].annotations[0].result;
    expect(region).toMatchObject({ type: 'brushlabels', from_name: 'brush', to_name: 'image' });
    expect(region.id).toMatch(/^[\w]{10}$/);
    expect(rowsOf((await labelsOf(await openDataset(out))).get('c Heart')!)).toEqual(rowsOf(drawn));
    expect(result).toMatchObject({ excludedCases: 1 });
    expect([...(await contents(out)).keys()]).not.toContain('xrays/b.png');
    expect([...(await contents(out)).keys()]).toContain('xrays/d.png');
  });

  it('reads a shape and its label in two entries as one region', async () => {
    const root = join(await temporaryFolder(), 'set');
    await put(join(root, 'a.png'), await imagePng(20, 10));
    const shape = { original_width: 20, original_height: 10, id: 'r1', to_name: 'image' };
    const points = [
      [10, 10],
      [60, 10],
      [60, 80],
      [10, 80],
    ];
    const result = [
      { ...shape, type: 'polygon', from_name: 'p', value: { points, closed: true } },
      {
        ...shape,
        type: 'labels',
        from_name: 'l',
        value: { points, closed: true, labels: ['Rib'] },
      },
    ];
    const tasks = [{ id: 9, data: { img: 'a.png' }, annotations: [{ id: 1, result }] }];
    await put(join(root, EXPORT), JSON.stringify(tasks, null, 2));
    const fixed = rectangle(20, 10, { x: 4, y: 2, w: 9, h: 5 });
    const { out } = await exported(root, async (project) => {
      await project.addRevision('a', 'Rib', fixed, by);
    });
    const [{ annotations }] = await tasksOf(out);
    expect(annotations[0].result.map(({ type, value }) => [type, Object.keys(value)])).toEqual([
      ['brush', ['format', 'rle']],
      ['labels', ['format', 'rle', 'labels']],
    ]);
    expect(rowsOf((await labelsOf(await openDataset(out))).get('a Rib')!)).toEqual(rowsOf(fixed));
  });

  it('leaves a label absent if its region draws no outline', async () => {
    const root = await copied();
    const text = await readFile(join(root, EXPORT), 'utf8');
    const value = { x: 1, y: 1, width: 5, height: 5, rectanglelabels: ['Lung'] };
    const region = { id: 'r', type: 'rectanglelabels', value };
    const result = `"result": [${JSON.stringify(region)}]`;
    await writeFile(join(root, EXPORT), text.replaceAll('"result": []', result));
    const { cases } = await openDataset(root);
    expect(cases.map(({ labels }) => labels.map(({ structure }) => structure))).toContainEqual([
      'Heart',
    ]);
  });

  it('gives notices of unusable tasks, and cannot be written from another format', async () => {
    const root = join(await temporaryFolder(), 'set');
    await put(join(root, 'a.png'), await imagePng(20, 10));
    const size = { original_width: 20, original_height: 10, id: 'r', to_name: 'i', from_name: 'f' };
    const box = { x: 1, y: 1, width: 5, height: 5, rectanglelabels: ['Rib'] };
    const turned = { points: [], closed: true, polygonlabels: ['Rib'] };
    const broken = { rle: [0, 0], brushlabels: ['Rib'] };
    const both = { rle: [0, 0], brushlabels: ['Rib', 'Lung'] };
    const result = [
      { ...size, id: '1', type: 'rectanglelabels', value: box },
      { ...size, id: '2', type: 'polygonlabels', value: turned, image_rotation: 90 },
      { ...size, id: '3', type: 'brushlabels', value: broken },
      { ...size, id: '4', type: 'brushlabels', value: both },
    ];
    const annotations = [{ id: 1, result }];
    const tasks = [
      { id: 1, data: { image: 'a.png' }, annotations },
      { id: 2, data: { image: '../../secret.png' }, annotations: [] },
      { id: 3, data: { text: 'no image' }, annotations: [] },
      { id: 4 },
    ];
    await put(join(root, EXPORT), JSON.stringify(tasks));
    const failed = createFromDataset(`${root}.overread`, await openDataset(root));
    await expect(failed).rejects.toThrow(/No case of .* could be imported: .*task 1/);
    const { notices } = await openDataset(root);
    expect(notices.map(({ reason }) => reason)).toEqual([
      'has a region that draws no outline (rectanglelabels).',
      'is rotated: turn it back and export it again.',
      'has a region with 2 labels: give each region one.',
      'has no “data”: it is not a task.',
      'names the image “../../secret.png”, which is outside of the dataset.',
      'names no image.',
    ]);
    const folders = join(await temporaryFolder(), 'folders');
    await foldersDataset(folders, 2);
    const { project } = await createFromDataset(`${folders}.overread`, await openDataset(folders));
    await expect(
      exportDataset(project, `${folders} out`, { format: 'labelstudio' }),
    ).rejects.toThrow('use --format coco');
    project.close();
  });

  it('with any damage is read without the damaged parts, or refused in one sentence', async () => {
    const root = await copied();
    const original = await readFile(join(root, EXPORT));
    await fc.assert(
      fc.asyncProperty(anyDamage(original), async (bytes) => {
        await writeFile(join(root, EXPORT), bytes);
        try {
          const listing = await openDataset(root, {}, 'labelstudio');
          for (const { reason } of listing.notices) expect(reason).not.toMatch(/\n|undefined/);
          for (const { labels } of listing.cases) {
            for (const label of labels) await label.read({ width: 40, height: 30 });
          }
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).not.toMatch(/\n|undefined/);
        }
      }),
      { numRuns: 80, seed: 12 },
    );
  });
});
