import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDicomHead } from '../../../../../audit/codecs/dicom/file.ts';
import { segmentationOf } from '../../../../../audit/codecs/dicom/seg.ts';
import { readImageFile } from '../../../../../audit/codecs/index.ts';
import { codesOf } from '../../../../../audit/datasets/formats/dicom/codes.ts';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import type { ProjectWriter } from '../../../../../audit/store/types.ts';
import { pythonWith } from '../../../../python.ts';
import {
  contents,
  drawn,
  foldersDataset,
  inProject,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../../fixtures.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/dicom', import.meta.url));
const python = pythonWith('dicom', ['pydicom==3.0.2', 'highdicom==0.28.2']);
/** Whether `dciodvfy`, David Clunie's DICOM validator, is installed. */
const hasValidator = spawnSync('dciodvfy', []).error === undefined;
const SIZE = { width: 23, height: 17 };
const BOX = { x: 4, y: 2, w: 7, h: 9 };
const by = { author: 'tester', reason: 'replace' };

async function lay(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, name] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(join(FIXTURES, `${name}.dcm`), join(root, path));
  }
}

/** Imports the dataset at `root`, changes the project with `work`, and exports the project. */
async function exported(
  root: string,
  work: (project: ProjectWriter) => Promise<unknown> | void,
  format?: string,
) {
  return inProject(root, async (project, out) => {
    await work(project);
    const result = await exportDataset(project, out, { ...(format !== undefined && { format }) });
    const files = await contents(out);
    files.delete('overread-export.json');
    return { out, result, files };
  });
}

/** Reads the dataset at `root`. @returns case → structure → mask as text */
async function labelsIn(root: string): Promise<Record<string, Record<string, string>>> {
  const { cases } = await openDataset(root);
  const found: Record<string, Record<string, string>> = {};
  for (const source of cases) {
    const { id, labels } = source;
    const { image } = await source.readImage();
    found[id] = {};
    for (const label of labels) found[id][label.structure] = drawn((await label.read(image)).mask);
  }
  return found;
}

const TWO = {
  'images/IM1': 'explicit-little',
  'images/IM2.dcm': 'jpeg-ls',
  'labels/1.dcm': 'seg-binary',
};

describe('a project of DICOM with DICOM-SEG', () => {
  it('is exported byte for byte without changes', async () => {
    const root = await temporaryFolder();
    await lay(root, {
      'a/IM1': 'explicit-little',
      'a/IM2': 'implicit-little',
      '1.dcm': 'seg-binary',
    });
    await lay(root, { 's/2': 'seg-fractional' });
    const before = await contents(root);
    const { files, result } = await exported(root, () => undefined);
    expect(files).toEqual(before);
    expect(result.notices).toEqual([]);
  });

  it('has a corrected DICOM-SEG at the same path, with its other segments unchanged', async () => {
    const root = await temporaryFolder();
    await lay(root, TWO);
    const box = rectangle(SIZE.width, SIZE.height, BOX);
    const before = await labelsIn(root);
    const { out, files } = await exported(root, (project) =>
      project.addRevision('IM1', 'Heart', box, by),
    );
    expect([...files.keys()]).toEqual(['images/IM1', 'labels/1.dcm']);
    expect(files.get('images/IM1')).toBe((await contents(root)).get('images/IM1'));
    expect(await labelsIn(out)).toEqual({ IM1: { ...before['IM1'], Heart: drawn(box) } });
    const { segments, image } = segmentationOf(await readDicomHead(join(out, 'labels', '1.dcm')));
    expect(image).toBe('1.2.826.0.1.3680043.8.498.77.3.1');
    expect(segments.map(({ type, algorithm }) => [type?.value, algorithm.type])).toEqual([
      ['39607008', 'MANUAL'],
      ['80891009', 'MANUAL'],
      ['51299004', 'MANUAL'],
    ]);
  });

  it('loses an excluded label, and has a notice if fractional masks were written as binary', async () => {
    const root = await temporaryFolder();
    await lay(root, { IM2: 'implicit-little', seg: 'seg-fractional' });
    const before = await labelsIn(root);
    const { out, result } = await exported(root, (project) => {
      project.setVerdict('IM2', 'Heart', 'excluded', { author: 'tester' });
    });
    const { Lung, Clavicle } = before['IM2'];
    expect(await labelsIn(out)).toEqual({ IM2: { Lung, Clavicle } });
    expect(result.notices.map(({ file, reason }) => `${file} ${reason}`)).toEqual([
      'seg was fractional: written as binary.',
    ]);
  });

  it('gets a new file for a new structure, at an unused path', async () => {
    const root = await temporaryFolder();
    await lay(root, {
      IM1: 'explicit-little',
      IM2: 'implicit-little',
      'segmentations/1': 'seg-binary',
      'segmentations/1b': 'seg-latin',
      'segmentations/2': 'seg-fractional',
    });
    const before = await contents(root);
    const box = rectangle(SIZE.width, SIZE.height, BOX);
    const { out, files } = await exported(root, (project) =>
      project.addRevision('IM2', 'Schlüsselbein', box, by),
    );
    expect([...files.keys()].filter((name) => !before.has(name))).toEqual([
      'segmentations-2/IM2.dcm',
    ]);
    for (const [name, bytes] of before) expect(files.get(name)).toBe(bytes);
    expect((await labelsIn(out))['IM2']['Schlüsselbein']).toBe(drawn(box));
  });
});

describe('an export of any dataset as DICOM-SEG', () => {
  it('turns folders of masks into DICOM-SEG, whereas the format dicom keeps the folders', async () => {
    const root = await temporaryFolder();
    await lay(root, { 'x/IM1': 'explicit-little', 'x/IM2': 'implicit-little' });
    const mask = await maskPng(rectangle(SIZE.width, SIZE.height, BOX));
    for (const id of ['IM1', 'IM2']) await put(join(root, 'left lung', `${id}.png`), mask);
    const before = await contents(root);
    expect((await exported(root, () => undefined)).files).toEqual(before);
    const other = await temporaryFolder();
    await cp(root, other, { recursive: true });
    const { out, files } = await exported(other, () => undefined, 'dicom-seg');
    expect([...files.keys()]).toEqual([
      'segmentations/IM1.dcm',
      'segmentations/IM2.dcm',
      'x/IM1',
      'x/IM2',
    ]);
    expect(files.get('x/IM1')).toBe(before.get('x/IM1'));
    expect(await labelsIn(out)).toEqual(await labelsIn(root));
  });

  it('turns images that are not DICOM into Secondary Captures with the same samples', async () => {
    const root = await temporaryFolder();
    const [first] = await foldersDataset(root, 2);
    const { out, files, result } = await exported(root, () => undefined, 'dicom-seg');
    expect([...files.keys()]).toEqual([
      'images/case 00 胸.dcm',
      'images/case 01 胸.dcm',
      'segmentations/case 00 胸.dcm',
      'segmentations/case 01 胸.dcm',
    ]);
    expect(result.notices[0].reason).toMatch(/^was case 00 胸.png: written as DICOM Secondary/);
    const before = await readImageFile(join(root, 'images', `${first}.png`));
    const after = await readImageFile(join(out, 'images', `${first}.dcm`));
    expect([...after.image.data]).toEqual([...before.image.data]);
    expect(await labelsIn(out)).toEqual(await labelsIn(root));
  });
});

describe('a DICOM file from Overread', () => {
  it.skipIf(python === null)('is read by highdicom and pydicom as it was drawn', async () => {
    const root = await temporaryFolder();
    await lay(root, { IM1: 'explicit-little', seg: 'seg-latin' });
    const box = rectangle(SIZE.width, SIZE.height, BOX);
    const before = await labelsIn(root);
    const { out } = await exported(root, (project) => project.addRevision('IM1', 'Heart', box, by));
    const script = fileURLToPath(new URL('./dicom-check.py', import.meta.url));
    const answer = spawnSync(python!, [script, join(out, 'IM1'), join(out, 'seg')], {
      encoding: 'utf8',
    });
    expect(answer.stderr).toBe('');
    const found = JSON.parse(answer.stdout) as {
      patient: string;
      study: boolean;
      labels: string[];
      types: string[];
      overlap: string;
      pixels: number[][];
    };
    expect(found).toMatchObject({
      patient: 'Prüf^Person',
      study: true,
      labels: ['Lung', 'Heart', 'Schlüsselbein'],
      types: ['Lung', 'Heart', 'Clavicle'],
      overlap: 'YES',
    });
    const masks = found.pixels.map((plane) => drawn({ ...SIZE, data: Uint8Array.from(plane) }));
    const { Lung, Schlüsselbein } = before['IM1'];
    expect(masks).toEqual([Lung, drawn(box), Schlüsselbein]);
  });
});

describe.skipIf(!hasValidator)('the validator of DICOM', () => {
  /** The errors that dciodvfy finds in a file. */
  const errors = (file: string) =>
    spawnSync('dciodvfy', [file], { encoding: 'utf8' })
      .stderr.split('\n')
      .filter((line) => line.startsWith('Error'));

  it('finds no error in a rewritten DICOM-SEG', async () => {
    const root = await temporaryFolder();
    await lay(root, { IM1: 'explicit-little', seg: 'seg-latin' });
    const box = rectangle(SIZE.width, SIZE.height, BOX);
    const { out } = await exported(root, (project) => project.addRevision('IM1', 'Heart', box, by));
    expect(errors(join(out, 'seg'))).toEqual([]);
    // Checks the validator itself: it must find errors in the fixture's image, which is incomplete.
    expect(errors(join(out, 'IM1')).length).toBeGreaterThan(0);
  });

  it('finds no error in the DICOM-SEG and Secondary Captures of other datasets', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 1);
    const { out, files } = await exported(root, () => undefined, 'dicom-seg');
    expect(files.size).toBe(2);
    for (const file of files.keys()) expect([file, errors(join(out, file))]).toEqual([file, []]);
  });
});

describe('the DICOM codes of structures', () => {
  it('are found by name and side, and an unknown name gets the code for an organ', () => {
    const meanings = (name: string) => {
      const { type, modifier } = codesOf(name);
      return [type.meaning, modifier?.meaning ?? null];
    };
    expect(meanings('heart')).toEqual(['Heart', null]);
    expect(meanings('Left lung')).toEqual(['Lung', 'Left']);
    expect(meanings('right_clavicles')).toEqual(['Clavicle', 'Right']);
    expect(meanings('heart shadow')).toEqual(['Organ', null]);
    expect(meanings('胸')).toEqual(['Organ', null]);
  });
});
