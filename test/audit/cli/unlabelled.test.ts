/** Images without labels: imported, refused by a training, drawn, exported and imported again. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Mask } from '../../../audit/imaging/types.ts';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { readRaster } from '../../../audit/codecs/index.ts';
import { folderOfTest } from '../../temporary.ts';
import { imagePng, maskPng, put, rectangle } from '../datasets/fixtures.ts';
import { runHere } from './here.ts';

const BOX = rectangle(24, 16, { x: 3, y: 2, w: 8, h: 9 });
const EMPTY: Mask = { width: 24, height: 16, data: new Uint8Array(24 * 16) };

let root = '';
let project = '';
let xrays = '';
beforeEach(async () => {
  root = await folderOfTest('overread-unlabelled-');
  project = join(root, 'chest.overread');
  xrays = join(root, 'data', 'images');
  for (const [i, id] of ['a', 'b', 'c'].entries()) {
    await put(join(xrays, `${id}.png`), await imagePng(24, 16, i));
  }
});

/** Draws these labels, by `CASE STRUCTURE`. */
async function draw(masks: Readonly<Record<string, Mask>>): Promise<void> {
  const writer = await openProjectForWriting(project, { purpose: 'test' });
  for (const [key, mask] of Object.entries(masks)) {
    const [id, structure] = key.split(' ');
    await writer.addRevision(id, structure, mask, { author: 'Ada', reason: 'stroke' });
  }
  writer.close();
}

/** The state of each label, by `CASE STRUCTURE`. */
async function states(folder = project): Promise<Record<string, string>> {
  const reader = await openProject(folder);
  const labels = reader
    .cases()
    .flatMap(({ id, labels: own }) =>
      own.map(({ structure, state }): [string, string] => [`${id} ${structure}`, state]),
    );
  reader.close();
  return Object.fromEntries(labels);
}

/** The files of an export, without its record. */
async function files(out: string): Promise<string[]> {
  const found = await readdir(out, { recursive: true });
  return found
    .filter((name) => name.endsWith('.png'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

describe('a folder of images without masks', () => {
  it('becomes cases to label, which a training refuses in one sentence', async () => {
    const made = await runHere('create', project, '--images', xrays, '--structures', 'lung, heart');
    expect(made).toMatchObject({ code: 0 });
    expect(made.out).toContain('3 cases with 0 labels imported');
    expect(made.err.trim()).toBe('No case has a label yet: draw some, then train.');
    expect(new Set(Object.values(await states()))).toEqual(new Set(['absent']));
    expect(Object.keys(await states())).toHaveLength(6);
    const trained = await runHere('train', project);
    expect(trained.code).toBe(1);
    expect(trained.err).toContain('has no case with a label that counts');
    expect(trained.err).toContain('draw some labels first');
    expect((await runHere('verify', project)).code).toBe(0);
  });

  it('gives back absent, empty and drawn labels apart', async () => {
    await runHere('create', project, '--images', xrays, '--structures', 'lung,heart');
    await draw({ 'a lung': BOX, 'a heart': EMPTY, 'b lung': BOX });
    const out = join(root, 'out');
    expect((await runHere('export', project, out)).code).toBe(0);
    expect(await files(out)).toEqual([
      ...['heart/a.png', 'images/a.png', 'images/b.png', 'images/c.png'],
      ...['lung/a.png', 'lung/b.png'],
    ]);
    const again = join(root, 'again.overread');
    const made = await runHere('create', again, '--from', out, '--unlabelled');
    expect(made.code).toBe(0);
    expect(await states(again)).toEqual(await states());
  });

  it('is found below the dataset’s folder, and named like its structures where it must not be', async () => {
    const named = ['create', project, '--from', join(root, 'data'), '--structures', 'Images'];
    expect((await runHere(...named)).code).toBe(0);
    await draw({ 'a Images': BOX });
    const out = join(root, 'out');
    await runHere('export', project, out);
    expect(await files(out)).toContain('Images masks/a.png');
  });

  it('may be the named folder itself', async () => {
    const { code } = await runHere('create', project, '--from', xrays, '--structures', 'lung');
    expect(code).toBe(0);
    expect(Object.keys(await states())).toEqual(['a lung', 'b lung', 'c lung']);
  });

  it('is refused with what to do if no structure is named', async () => {
    for (const folder of [xrays, join(root, 'data')]) {
      const { code, err } = await runHere('create', project, '--from', folder);
      expect(code).toBe(1);
      expect(err).toContain('has images but no masks');
      expect(err).toContain('--structures');
    }
    const { err } = await runHere('create', project, '--images', xrays);
    expect(err).toContain('or --structures NAMES to draw them');
    expect(existsSync(project)).toBe(false);
  });

  it.each([
    [['--structures', 'lung,,heart'], 2, 'Expected names, with commas between'],
    [['--structures', 'a/b'], 1, 'cannot name a structure'],
    [['--structures', 'lung', '--format', 'coco'], 2, 'belong to --format folders'],
  ])('refuses %j', async (options, code, said) => {
    const ended = await runHere('create', project, '--images', xrays, ...options);
    expect(ended).toMatchObject({ code });
    expect(ended.err).toContain(said);
  });
});

describe('a dataset of which some images have no mask', () => {
  it('leaves them out, or takes them as cases to label', async () => {
    await put(join(root, 'data', 'lung', 'a.png'), await maskPng(BOX));
    const from = ['--from', join(root, 'data')];
    expect((await runHere('create', project, ...from)).out).toContain('1 case with 1 label');
    const other = join(root, 'other.overread');
    const made = await runHere('create', other, ...from, '--unlabelled');
    expect(made.out).toContain('3 cases with 1 label');
    expect(await states(other)).toEqual({
      'a lung': 'drawn',
      'b lung': 'absent',
      'c lung': 'absent',
    });
  });

  it('does not take a case whose masks cannot be read for one without labels', async () => {
    await put(join(root, 'data', 'lung', 'a.png'), await maskPng(BOX));
    await put(join(root, 'data', 'lung', 'b.png'), 'no picture');
    await runHere('create', project, '--from', join(root, 'data'), '--unlabelled');
    expect(await states()).toEqual({ 'a lung': 'drawn', 'c lung': 'absent' });
  });

  it('gets a new multi-valued mask for a case that is drawn', async () => {
    await put(join(root, 'data', 'masks', 'a.png'), await maskPng(BOX, 2));
    await put(join(root, 'data', 'legend.json'), '{"1": "lung", "2": "heart"}');
    await runHere('create', project, '--from', join(root, 'data'), '--unlabelled');
    await draw({ 'b heart': BOX });
    const out = join(root, 'out');
    expect((await runHere('export', project, out)).err).not.toContain('not there');
    expect(await files(out)).toContain('masks/b.png');
    expect(await files(out)).not.toContain('masks/c.png');
    const { raster } = await readRaster(join(out, 'masks', 'b.png'));
    expect([...new Set(raster.data)]).toEqual([0, 2]);
  });
});
