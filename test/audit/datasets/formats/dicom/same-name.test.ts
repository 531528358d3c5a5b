import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDicomHead, readSegmentation } from '../../../../../audit/codecs/dicom/file.ts';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { codesOf } from '../../../../../audit/datasets/formats/dicom/codes.ts';
import { segmentationFile, sourceOf } from '../../../../../audit/datasets/formats/dicom/objects.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import { addMask } from '../../../../../audit/imaging/polygon.ts';
import type { Mask } from '../../../../../audit/imaging/types.ts';
import type { ProjectWriter } from '../../../../../audit/store/types.ts';
import { drawn, inProject, labelsOf, put, rectangle, temporaryFolder } from '../../fixtures.ts';

const IMAGE = fileURLToPath(
  new URL('../../../fixtures/dicom/explicit-little.dcm', import.meta.url),
);
const SIZE = { width: 23, height: 17 };
const box = (x: number, y: number): Mask =>
  rectangle(SIZE.width, SIZE.height, { x, y, w: 4, h: 3 });
const RIBS = [box(1, 1), box(8, 1), box(15, 1)];
const HEART = box(8, 10);
const algorithm = { type: 'MANUAL', name: '' };
const by = { author: 'tester', reason: 'replace' };

function union(masks: readonly Mask[]): Mask {
  const all = { ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height) };
  for (const mask of masks) addMask(all, mask);
  return all;
}

/** A radiograph with a DICOM-SEG of three segments “Rib” and, after the first of them, a heart. */
async function ribs(): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await put(join(root, 'readme'), 'ribs');
  await copyFile(IMAGE, join(root, 'x.dcm'));
  const source = sourceOf(await readDicomHead(IMAGE));
  const of = (label: string, mask: Mask) => ({ ...codesOf(label), label, algorithm, mask });
  const [first, ...more] = RIBS.map((mask) => of('Rib', mask));
  const segments = [first, of('Heart', HEART), ...more];
  await put(join(root, 'seg.dcm'), segmentationFile(source, segments));
  return root;
}

/** The segments of the DICOM-SEG after a correction of the ribs: name and mask. */
async function exported(
  work: (project: ProjectWriter) => Promise<unknown>,
): Promise<(readonly [string, string])[]> {
  return inProject(await ribs(), async (project, out) => {
    await work(project);
    await exportDataset(project, out);
    const { segments, masks } = await readSegmentation(join(out, 'seg.dcm'));
    return Promise.all(
      segments.map(
        async ({ label, number }) => [label, drawn(await masks.get(number)!())] as const,
      ),
    );
  });
}

describe('several segments of one name in a DICOM-SEG', () => {
  it('are one label, their union', async () => {
    const listing = await openDataset(await ribs());
    expect(listing.notices).toEqual([]);
    const labels = await labelsOf(listing);
    expect(drawn(labels.get('x Rib')!)).toBe(drawn(union(RIBS)));
    expect(drawn(labels.get('x Heart')!)).toBe(drawn(HEART));
  });

  it('stay apart in an export, and a correction changes only those that it touches', async () => {
    const longer = union([RIBS[1], rectangle(23, 17, { x: 8, y: 4, w: 4, h: 1 })]);
    const alone = box(1, 10);
    const found = await exported((project) =>
      project.addRevision('x', 'Rib', union([longer, RIBS[2], alone]), by),
    );
    expect(new Set(found)).toEqual(
      new Set([
        ['Heart', drawn(HEART)],
        ['Rib', drawn(longer)],
        ['Rib', drawn(RIBS[2])],
        ['Rib', drawn(alone)],
      ]),
    );
  });

  it('keep their masks when another label is corrected', async () => {
    const found = await exported((project) => project.addRevision('x', 'Heart', box(2, 10), by));
    expect(found.filter(([label]) => label === 'Rib').map(([, mask]) => mask)).toEqual(
      RIBS.map(drawn),
    );
  });

  it('are copied byte for byte when nobody changed a label', async () => {
    const root = await ribs();
    await inProject(root, async (project, out) => {
      await exportDataset(project, out);
      expect(await readFile(join(out, 'seg.dcm'))).toEqual(await readFile(join(root, 'seg.dcm')));
    });
  });
});
