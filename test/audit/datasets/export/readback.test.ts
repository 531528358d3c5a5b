/** Reads exports with the tool of each format. Skipped if the tools cannot be installed. */
import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import type { ProjectWriter } from '../../../../audit/store/types.ts';
import { pythonWith } from '../../../python.ts';
import { FIXTURES } from '../../codecs/expected.ts';
import {
  drawn,
  foldersDataset,
  imagePng,
  inProject,
  labelsOf,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../fixtures.ts';

// Installs only those dependencies of Datumaro that reading CVAT's files needs: all would be 560 MB.
const python = pythonWith(
  'readback',
  [
    'attrs==26.1.0',
    'defusedxml==0.7.1',
    'imagesize==2.0.1',
    'json-stream==2.5.1 as json_stream',
    'loguru==0.7.3',
    'lxml==6.1.3',
    'nibabel==5.4.2',
    'numpy==2.4.6',
    'opencv-python-headless==5.0.0.93 as cv2',
    'orjson==3.13.0',
    'pandas==2.3.3',
    'pillow==13.0.0 as PIL',
    'pyarrow==26.0.1',
    'pycocotools==2.0.11',
    'pyyaml==6.0.4 as yaml',
    'shapely==2.2.0',
    'tifffile==2026.3.3',
    'tqdm==4.70.1',
    'typing_extensions==4.16.0',
  ],
  ['datumaro==1.13.12', 'label-studio-sdk==2.1.2', 'labelme==5.11.3'],
);
const SCRIPT = fileURLToPath(new URL('./read_back.py', import.meta.url));

type Read = Record<string, Record<string, string>>;

/** The rows of a manifest, and the type of each column; for CSV null in place of the types. */
type Table = readonly [
  readonly Readonly<Record<string, unknown>>[],
  Readonly<Record<string, string>> | null,
];

function run(kind: string, root: string): unknown {
  const { stdout, stderr } = spawnSync(python!, [SCRIPT, kind, root], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const readBack = (kind: string, root: string): Read => run(kind, root) as Read;

/** Writes folders of masks in each image format that a correction can be written in. */
async function laidFolders(root: string): Promise<void> {
  for (const [seed, name] of ['a', 'b', 'c', 'd'].entries()) {
    await put(join(root, 'images', `${name}.png`), await imagePng(20, 14, seed));
  }
  await mkdir(join(root, 'lung'));
  await copyFile(join(FIXTURES, 'gif', 'mask.gif'), join(root, 'lung', 'a.gif'));
  const mask = rectangle(20, 14, { x: 3, y: 4, w: 9, h: 5 });
  for (const name of ['b', 'c', 'd']) {
    await put(join(root, 'lung', `${name}.png`), await maskPng(mask));
  }
  await copyFile(join(FIXTURES, 'tiff', 'pillow-l.tif'), join(root, 'images', 'e.tif'));
  await copyFile(join(FIXTURES, 'tiff', 'pillow-1.tif'), join(root, 'lung', 'e.tif'));
}

const copied = (fixture: string) => (root: string) =>
  cp(join(FIXTURES, fixture), root, { recursive: true });

const manifest = (fixture: string, as: string) => async (root: string) => {
  await cp(join(FIXTURES, 'manifest', 'x'), join(root, 'x'), { recursive: true });
  await copyFile(join(FIXTURES, 'manifest', fixture), join(root, as));
};
const csv = manifest('manifest.csv', 'manifest.csv');
const parquet = manifest('zstd.parquet', 'manifest.parquet');

type Lay = (root: string) => Promise<void>;
type Size = readonly [width: number, height: number];
type Box = readonly [x: number, y: number, w: number, h: number];

/** Format, case and structure to correct, writer of the dataset, size of the image, box of the new mask. */
const CORRECTIONS: readonly (readonly [string, string, string, Lay, Size, Box])[] = [
  ['nnunet', 'b', 'whole', copied('nnunet/v2'), [20, 14], [0, 0, 20, 14]],
  ['voc', 'b', 'lung', copied('voc/dataset'), [30, 24], [1, 2, 7, 8]],
  ['yolo', 'train/a', 'heart', copied('yolo/dataset'), [37, 29], [5, 6, 11, 9]],
  ['folders', 'a', 'lung', laidFolders, [20, 14], [2, 1, 5, 11]],
  ['folders', 'e', 'lung', laidFolders, [13, 9], [2, 1, 5, 6]],
  // Masks with a page per structure: first an ImageJ stack, then a big-endian TIFF.
  ['folders', 'a', 'heart', copied('pages/dataset'), [24, 16], [0, 1, 9, 7]],
  ['folders', 'b', 'lung', copied('pages/dataset'), [24, 16], [10, 2, 14, 9]],
  // The first label is stored as a mask, the second as two polygons.
  ['labelme', 'deep/b', 'lung', copied('labelme/dataset'), [44, 36], [9, 4, 13, 20]],
  ['labelme', 'a', 'lung', copied('labelme/dataset'), [44, 36], [3, 4, 30, 20]],
  // The first label is stored as a brush, the second as a polygon.
  ['labelstudio', 'a', 'Heart', copied('labelstudio/dataset'), [40, 30], [8, 3, 14, 20]],
  ['labelstudio', 'b', 'Heart', copied('labelstudio/dataset'), [41, 30], [18, 9, 20, 11]],
  // The first label is stored as a mask, the second as two polygons.
  ['cvat', 'b', 'lung', copied('cvat/dataset'), [41, 33], [2, 9, 14, 20]],
  ['cvat', 'a', 'lung', copied('cvat/dataset'), [41, 33], [3, 4, 30, 20]],
  // The first label is a binary mask, the second one value of a multi-valued mask.
  ['manifest', 'x/0/image', 'left lung', csv, [20, 14], [1, 1, 3, 4]],
  ['manifest', 'x/2/image', 'heart', parquet, [20, 14], [1, 1, 3, 4]],
];

describe.skipIf(python === null)('the tools of a format', () => {
  it.each(CORRECTIONS)(
    'read the same masks as Overread, and only the correction differs: %s, %s %s',
    async (format, id, structure, lay, [width, height], [x, y, w, h]) => {
      const root = join(await temporaryFolder(), 'set');
      await lay(root);
      const listing = await openDataset(root, {}, format);
      const own = await labelsOf(listing);
      const was = readBack(format, root);
      for (const source of listing.cases) {
        for (const { structure: name } of source.labels) {
          const key = `${source.id} ${name}`;
          expect([key, was[source.id][name]]).toEqual([key, drawn(own.get(key)!)]);
        }
      }
      const fixed = rectangle(width, height, { x, y, w, h });
      const correct = async (project: ProjectWriter, place: string) => {
        await project.addRevision(id, structure, fixed, { author: 'a', reason: 'replace' });
        await exportDataset(project, place);
        return place;
      };
      const out = await inProject(root, correct, listing);
      const is = readBack(format, out);
      expect(is[id][structure]).toBe(drawn(fixed));
      expect(is[id][structure]).not.toBe(was[id][structure]);
      expect({ ...is, [id]: { ...is[id], [structure]: '' } }).toEqual({
        ...was,
        [id]: { ...was[id], [structure]: '' },
      });
    },
  );

  it.each(['coco', 'cvat', 'labelme', 'voc', 'yolo'])(
    'read a dataset that was exported from another format: %s',
    async (format) => {
      const root = join(await temporaryFolder(), 'set');
      await foldersDataset(root, 2);
      const out = await inProject(root, async (project, place) => {
        await exportDataset(project, place, { format });
        return place;
      });
      const written = await openDataset(out, {}, format);
      const wanted: Read = {};
      for (const [key, mask] of await labelsOf(written)) {
        const at = key.lastIndexOf(' ');
        wanted[key.slice(0, at)] ??= {};
        wanted[key.slice(0, at)][key.slice(at + 1)] = drawn(mask);
      }
      expect(Object.keys(wanted)).toHaveLength(2);
      expect(readBack(format, out)).toEqual(wanted);
    },
  );

  it.each([
    ['csv', csv],
    ['parquet', parquet],
  ])('read that rows were removed, added and kept: %s', async (_, lay) => {
    const root = join(await temporaryFolder(), 'set');
    await lay(root);
    const added = rectangle(20, 14, { x: 4, y: 2, w: 6, h: 7 });
    const out = await inProject(root, async (project, place) => {
      project.setVerdict('x/0/image', 'heart', 'excluded', { author: 'a' });
      await project.addRevision('x/1/image', 'heart', added, { author: 'a', reason: 'replace' });
      await exportDataset(project, place);
      return place;
    });
    const [was, typesBefore] = run('manifest-rows', root) as Table;
    const [is, types] = run('manifest-rows', out) as Table;
    expect(types).toEqual(typesBefore);
    expect(is.slice(0, -1)).toEqual(was.filter(({ mask }) => mask !== 'x/0/heart.png'));
    const own = was.find(({ image }) => image === 'x/1/image.png')!;
    const empty = Object.keys(own).map((name) => [name, types === null ? '' : null]);
    expect(is.at(-1)).toEqual({
      ...Object.fromEntries(empty),
      image: own.image,
      mask: 'masks/heart/x/1/image.png',
      structure: 'heart',
      split: own.split,
      patient: own.patient,
      study: own.study,
    });
    expect(readBack('manifest', out)['x/1/image'].heart).toBe(drawn(added));
  });
});
