/** What is exported is read by each format's own tool: skipped where these cannot be had. */
import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createFromDataset } from '../../../audit/datasets/create.ts';
import { exportDataset } from '../../../audit/datasets/export.ts';
import { openDataset } from '../../../audit/datasets/formats.ts';
import { pythonWith } from '../../python.ts';
import { FIXTURES } from './codecs/expected.ts';
import { drawn, imagePng, labelsOf, maskPng, put, rectangle, temporaryFolder } from './fixtures.ts';

const python = pythonWith('readback', [
  'nibabel==5.4.2',
  'numpy==2.4.6',
  'opencv-python-headless==5.0.0.93 as cv2',
  'pillow==13.0.0 as PIL',
]);
const SCRIPT = fileURLToPath(new URL('read_back.py', import.meta.url));

type Read = Record<string, Record<string, string>>;

function readBack(kind: string, root: string): Read {
  const run = spawnSync(python!, [SCRIPT, kind, root], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout) as Read;
}

/** Folders of masks, of each picture format that a correction goes back into. */
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
}

const copied = (fixture: string) => (root: string) =>
  cp(join(FIXTURES, fixture), root, { recursive: true });

/** How each dataset is made, the case and structure that are corrected, and the correction. */
const FORMATS = {
  nnunet: {
    lay: copied('nnunet/v2'),
    label: ['b', 'whole'],
    box: { width: 20, height: 14, x: 0, y: 0, w: 20, h: 14 },
  },
  voc: {
    lay: copied('voc/dataset'),
    label: ['b', 'lung'],
    box: { width: 30, height: 24, x: 1, y: 2, w: 7, h: 8 },
  },
  yolo: {
    lay: copied('yolo/dataset'),
    label: ['train/a', 'heart'],
    box: { width: 37, height: 29, x: 5, y: 6, w: 11, h: 9 },
  },
  folders: {
    lay: laidFolders,
    label: ['a', 'lung'],
    box: { width: 20, height: 14, x: 2, y: 1, w: 5, h: 11 },
  },
} as const;

describe.skipIf(python === null)('the tools of a format', () => {
  it.each(Object.entries(FORMATS))(
    'read what we read, and the correction alone: %s',
    async (format, how) => {
      const root = join(await temporaryFolder(), 'set');
      await how.lay(root);
      const listing = await openDataset(root, {}, format);
      const own = [...(await labelsOf(listing))].map(([key, mask]) => [key, drawn(mask)]);
      const was = readBack(format, root);
      for (const [key, rows] of own) {
        const at = key.lastIndexOf(' ');
        expect([key, was[key.slice(0, at)][key.slice(at + 1)]]).toEqual([key, rows]);
      }
      const [id, structure] = how.label;
      const { width, height } = how.box;
      const fixed = rectangle(width, height, how.box);
      const { project } = await createFromDataset(join(dirname(root), 'p.overread'), listing);
      const out = join(dirname(root), 'out');
      try {
        await project.addRevision(id, structure, fixed, { author: 'a', reason: 'replace' });
        await exportDataset(project, out);
      } finally {
        project.close();
      }
      const is = readBack(format, out);
      expect(is[id][structure]).toBe(drawn(fixed));
      expect(is[id][structure]).not.toBe(was[id][structure]);
      expect({ ...is, [id]: { ...is[id], [structure]: '' } }).toEqual({
        ...was,
        [id]: { ...was[id], [structure]: '' },
      });
    },
  );
});
