import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFromDataset } from '../../../../audit/datasets/import/create.ts';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../../audit/datasets/export/losses.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import type { Mask } from '../../../../audit/imaging/types.ts';
import type { ProjectReader, ProjectWriter } from '../../../../audit/store/types.ts';
import { contents, drawn, foldersDataset, temporaryFolder } from '../fixtures.ts';
import { fixture } from '../../codecs/expected.ts';
import { toolMasks } from './masks-json.ts';

const by = { author: 'tester', reason: 'replace' };

/** For each format: the label to correct in its fixture, and the files that may change by that. */
const FORMATS = [
  { format: 'labelme', of: 'a', structure: 'lung', files: ['a.json'] },
  {
    format: 'voc',
    of: 'a',
    structure: 'heart',
    files: ['SegmentationClass/a.png', 'SegmentationObject/a.png'],
  },
  { format: 'cvat', of: 'a', structure: 'lung', files: ['default.xml'] },
  { format: 'yolo', of: 'train/a', structure: 'lung', files: ['labels/train/a.txt'] },
] as const;

type Masks = Map<string, string>;

/** All masks of a project as text, by `CASE: STRUCTURE`. */
async function masksOf(project: ProjectReader): Promise<Masks> {
  const masks: Masks = new Map();
  for (const id of project.caseIds()) {
    for (const { structure, state } of project.case(id)!.labels) {
      if (state === 'absent') continue;
      masks.set(`${id}: ${structure}`, drawn((await project.mask(id, structure))!));
    }
  }
  return masks;
}

/** Imports the dataset at `root`, and runs `work` on the project. */
async function inProject<T>(
  root: string,
  work: (project: ProjectWriter) => Promise<T>,
  name = 'p',
): Promise<T> {
  const place = join(dirname(root), `${name}.overread`);
  const { project } = await createFromDataset(place, await openDataset(root));
  try {
    return await work(project);
  } finally {
    project.close();
  }
}

/** The masks that the format's own tool reads from the fixture (see its make.py). */
async function expected(format: string): Promise<Masks> {
  const masks = await toolMasks(format);
  return new Map([...masks].map(([key, mask]) => [key.replace(' ', ': '), drawn(mask)]));
}

/** Each label whose masks differ → the number of differing pixels. */
function differences(a: Masks, b: Masks): Map<string, number> {
  expect([...b.keys()].sort()).toEqual([...a.keys()].sort());
  const counts = [...a].map(([label, mask]) => {
    const other = b.get(label)!;
    return [label, [...mask].filter((pixel, i) => pixel !== other[i]).length] as const;
  });
  return new Map(counts.filter(([, count]) => count > 0));
}

async function copyOf(format: string): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await cp(fixture(`${format}/dataset`), root, { recursive: true });
  return root;
}

/** The mask with a hole, a notch and a separate part, which are hard to store as outlines. */
function corrected(mask: Mask): Mask {
  const { width, height } = mask;
  const data = mask.data.slice();
  const set = (x: number, y: number, w: number, h: number, value: number) => {
    for (let row = y; row < y + h; row += 1) data.fill(value, row * width + x, row * width + x + w);
  };
  set(5, 10, 6, 6, 1);
  set(7, 12, 2, 2, 0);
  set(0, height - 3, 2, 1, 1);
  return { width, height, data };
}

describe.each(FORMATS)('a dataset of $format', ({ format, of, structure, files }) => {
  it('is recognised, and read to the pixel like its own tool reads it', async () => {
    const root = await copyOf(format);
    const listing = await openDataset(root);
    expect(listing.format).toBe(format);
    expect(await inProject(root, masksOf)).toEqual(await expected(format));
  });

  it('is exported byte for byte without changes', async () => {
    const root = await copyOf(format);
    const out = join(dirname(root), 'out');
    const result = await inProject(root, (project) => exportDataset(project, out));
    expect(result.notices).toEqual([]);
    const after = await contents(out);
    after.delete('overread-export.json');
    expect(after).toEqual(await contents(root));
  });

  it('differs only in the correction when it is read again', async () => {
    const root = await copyOf(format);
    const out = join(dirname(root), 'out');
    const wanted = await expected(format);
    const losses = await inProject(root, async (project) => {
      const now = corrected((await project.mask(of, structure))!);
      await project.addRevision(of, structure, now, by);
      wanted.set(`${of}: ${structure}`, drawn(now));
      const outlook = await foreseeExport(project);
      await exportDataset(project, out);
      return outlook.losses;
    });
    const foreseen = losses.map((one) => [`${one.case}: ${one.structure}`, one.pixels] as const);
    expect(differences(wanted, await inProject(out, masksOf, 'again'))).toEqual(new Map(foreseen));
    // VOC has one number per pixel, so the corrected heart covers the lung. Other formats lose nothing.
    expect(foreseen.map(([label]) => label)).toEqual(format === 'voc' ? ['a: lung'] : []);
    const before = await contents(root);
    const after = await contents(out);
    after.delete('overread-export.json');
    const differing = [...after].filter(([path, bytes]) => before.get(path) !== bytes);
    expect(differing.map(([path]) => path)).toEqual(files);
  });

  it('loses excluded labels and excluded cases', async () => {
    const root = await copyOf(format);
    const out = join(dirname(root), 'out');
    const wanted = await expected(format);
    const other = [...wanted.keys()].map((key) => key.split(': ')[0]).find((id) => id !== of)!;
    await inProject(root, async (project) => {
      project.setVerdict(of, structure, 'excluded', { author: 'tester' });
      project.setVerdict(other, null, 'excluded', { author: 'tester' });
      await exportDataset(project, out);
    });
    for (const key of [...wanted.keys()]) if (key.startsWith(`${other}: `)) wanted.delete(key);
    const again = await inProject(out, masksOf, 'again');
    // Each VOC file has all structures, so the excluded label is read as an empty mask.
    expect(again.get(`${of}: ${structure}`)?.includes('#') ?? false).toBe(false);
    again.delete(`${of}: ${structure}`);
    wanted.delete(`${of}: ${structure}`);
    expect(again).toEqual(wanted);
    const paths = [...(await contents(out)).keys()];
    const stem = other.split('/').pop()!;
    expect(paths.filter((path) => path.split('/').pop()!.startsWith(`${stem}.`))).toEqual([]);
  });

  it('can be written from a dataset of folders', async () => {
    const root = join(await temporaryFolder(), 'data');
    await foldersDataset(root, 3);
    const out = join(dirname(root), 'out');
    const { wanted, losses } = await inProject(root, async (project) => {
      const outlook = await foreseeExport(project, { format });
      await exportDataset(project, out, { format });
      return { wanted: await masksOf(project), losses: outlook.losses };
    });
    const foreseen = losses.map((one) => [`${one.case}: ${one.structure}`, one.pixels] as const);
    expect(differences(wanted, await inProject(out, masksOf, 'again'))).toEqual(new Map(foreseen));
    expect(foreseen).toHaveLength(format === 'voc' ? 1 : 0);
  });
});
