/** Reads an export to COCO with pycocotools. Skipped if pycocotools cannot be installed. */
import { spawnSync } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createFromDataset } from '../../../../../audit/datasets/import/create.ts';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import { pythonWith } from '../../../../python.ts';
import { ofBits, rowsOf } from '../../../imaging/masks.ts';
import { rectangle, temporaryFolder } from '../../fixtures.ts';

const python = pythonWith('coco', ['pycocotools==2.0.11', 'numpy==2.4.6']);
const FIXTURE = fileURLToPath(new URL('../../../fixtures/coco', import.meta.url));
const TRAIN = 'annotations/instances_train2017.json';

type Read = Record<string, { bits: string; area: number; bbox: number[] }>;

function readBack(file: string): Read {
  const run = spawnSync(python!, [join(FIXTURE, 'read_back.py'), file], { encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout) as Read;
}

describe.skipIf(python === null)('pycocotools', () => {
  it('reads the correction, its area and its box, and everything else as before', async () => {
    const root = join(await temporaryFolder(), 'set');
    await cp(join(FIXTURE, 'dataset'), root, { recursive: true });
    const fixed = rectangle(40, 30, { x: 12, y: 9, w: 15, h: 11 });
    const { project } = await createFromDataset(`${root}.overread`, await openDataset(root));
    await project.addRevision('train2017/a', 'heart', fixed, { author: 'a', reason: 'replace' });
    await exportDataset(project, `${root} out`);
    project.close();
    const was = readBack(join(root, TRAIN));
    const is = readBack(join(`${root} out`, TRAIN));
    const { bits, area, bbox } = is[102];
    expect(rowsOf(ofBits(40, 30, bits))).toEqual(rowsOf(fixed));
    const { annotations } = JSON.parse(await readFile(join(`${root} out`, TRAIN), 'utf8')) as {
      annotations: { id: number; area: number; bbox: number[] }[];
    };
    expect(annotations.find(({ id }) => id === 102)).toMatchObject({ area, bbox });
    expect({ ...is, 102: null }).toEqual({ ...was, 102: null });
  });
});
