/**
 * Datasets as people have them, imported by the real command. They lie in a folder beside the checkout, which
 * is no part of the project; without it the tests are skipped. Needs a build.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { areasOf } from './areas.ts';
import { overread, removeFolder, temporaryFolder } from './overread.ts';

const CASES = fileURLToPath(new URL('../../../../shared/cases', import.meta.url));

/** What the command made of a dataset: the areas of its labels, or its sentence; and what an export wrote. */
async function imported(
  name: string,
): Promise<{ areas: Record<string, number>; said: string; exported: string[] }> {
  const folder = await temporaryFolder();
  try {
    const project = join(folder, 'p.overread');
    const made = await overread('create', '--from', join(CASES, name, 'input'), project);
    if (made.code !== 0) return { areas: {}, said: made.err, exported: [] };
    const out = join(folder, 'out');
    const written = await overread('export', project, out);
    expect(written.err).not.toContain('Unexpected');
    const exported = await readdir(out, { recursive: true });
    return { areas: await areasOf(project), said: made.err, exported };
  } finally {
    await removeFolder(folder);
  }
}

const each = (ids: readonly string[], labels: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    ids.flatMap((id) => Object.entries(labels).map(([name, area]) => [`${id} ${name}`, area])),
  );
const CHEST = { lung: 1547, heart: 697 };

/** The right areas of the labels, by the dataset's folder. */
const AREAS: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['voc-labelme2voc-names', each(['x1', 'x2'], CHEST)],
  ['voc-palette-order', each(['x1', 'x2'], CHEST)],
  ['voc-rgb', each(['x1', 'x2'], CHEST)],
  [
    'roboflow-semantic',
    each(['train/x0.rf.ab', 'train/x1.rf.ab', 'valid/x0.rf.ab', 'valid/x1.rf.ab'], CHEST),
  ],
  ['coco-foreign-paths', each(['a', 'b', 'c é', 'd', 'e', 'f'], { lung: 400 })],
  ['dicomseg-same-label', each(['img0', 'img1'], { Rib: 879 })],
];

describe.skipIf(!existsSync(CASES))('a dataset as people have it', { timeout: 120_000 }, () => {
  it.each(AREAS)('has the right labels: %s', async (name, expected) => {
    const { areas: found, said } = await imported(name);
    expect({ found, said: said.includes('Left out') ? said : '' }).toEqual({
      found: expected,
      said: '',
    });
  });

  it.each([
    ['coco-bmp', 2],
    ['coco-same-stem', 3],
    ['dicomseg-labelmap', 4],
    ['yolo-classes-txt', 1],
  ])('has all its labels: %s', async (name, count) => {
    const { areas: found, said } = await imported(name);
    expect([Object.values(found).filter((area) => area > 0).length, said]).toEqual([
      count,
      expect.not.stringContaining('Left out'),
    ]);
  });

  it('of two images with one stem is exported with both', async () => {
    const { exported } = await imported('coco-same-stem');
    expect(exported).toEqual(
      expect.arrayContaining(['image1.jpg', 'image1.png', 'image2.png', 'annotations.json']),
    );
  });

  it.each([
    ['cvat-video', /has 1 track of a video, .* “CVAT for images 1\.1”\.$/m],
    ['nifti-mask-other-affine', /another direction than its image, as both files state: resample/],
    ['zipped', /export\.zip is a ZIP archive: unpack it first/],
  ])('is refused with what to do: %s', async (name, sentence) => {
    expect((await imported(name)).said).toMatch(sentence);
  });
});
