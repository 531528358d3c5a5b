import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import { fixture } from '../../../codecs/expected.ts';
import {
  contents,
  imagePng,
  inProject,
  labelsOf,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../../fixtures.ts';
import { toolMasks } from '../masks-json.ts';

const by = { author: 'tester', reason: 'replace' } as const;

async function copied(): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await cp(fixture('roboflow/dataset'), root, { recursive: true });
  return root;
}

describe("Roboflow's masks beside their images", () => {
  it('are read as Pillow reads them, with the classes and the split of their folder', async () => {
    const listing = await openDataset(fixture('roboflow/dataset'));
    expect(listing).toMatchObject({ format: 'roboflow', notices: [] });
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart']);
    expect(Object.fromEntries(listing.cases.map(({ id, split }) => [id, split]))).toEqual({
      'train/a.rf.1': 'train',
      'train/b.rf.2': 'train',
      'valid/a.rf.1': 'val',
      'test/c': 'test',
    });
    expect(await labelsOf(listing)).toEqual(await toolMasks('roboflow'));
  });

  it('are written back byte for byte', async () => {
    const root = await copied();
    await inProject(root, async (project, out) => {
      await exportDataset(project, out);
      await rm(join(out, 'overread-export.json'));
      expect(await contents(out)).toEqual(await contents(root));
    });
  });

  it('keep the numbers of their folder when a label is corrected', async () => {
    const root = await copied();
    const mask = rectangle(30, 24, { x: 20, y: 2, w: 9, h: 7 });
    await inProject(root, async (project, out) => {
      await project.addRevision('valid/a.rf.1', 'heart', mask, by);
      await exportDataset(project, out);
      const again = await labelsOf(await openDataset(out));
      expect(again.get('valid/a.rf.1 heart')).toEqual(mask);
      const [now, before] = [await contents(out), await contents(root)];
      now.delete('overread-export.json');
      const changed = [...now].filter(([path, hex]) => before.get(path) !== hex);
      expect(changed.map(([path]) => path)).toEqual(['valid/a.rf.1_mask.png']);
    });
  });

  it('of excluded cases are left out with their images', async () => {
    const root = await copied();
    await inProject(root, async (project, out) => {
      project.setVerdict('test/c', null, 'excluded', { author: 'tester' });
      await exportDataset(project, out);
      const files = [...(await contents(out)).keys()].filter((path) => path.startsWith('test/'));
      expect(files).toEqual(['test/_classes.csv']);
    });
  });

  it('of one folder alone are read, and what has no partner is said', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, '_classes.csv'), 'Pixel Value, Class\n0, background\n7, lung\n');
    const mask = rectangle(24, 16, { x: 2, y: 2, w: 4, h: 4 });
    for (const name of ['x_mask.png', 'gone_mask.png']) {
      await put(join(root, name), await maskPng(mask, 7));
    }
    for (const [seed, name] of ['x.png', 'bare.png'].entries()) {
      await put(join(root, name), await imagePng(24, 16, seed));
    }
    const listing = await openDataset(root);
    expect(await labelsOf(listing)).toEqual(new Map([['x lung', mask]]));
    expect(listing.notices).toEqual([
      expect.objectContaining({
        file: join(root, 'gone_mask.png'),
        reason: 'has no image of its name.',
      }),
      expect.objectContaining({
        file: join(root, 'bare.png'),
        reason: 'has no mask beside it: it would be called bare_mask.png.',
      }),
    ]);
  });

  it('may lie in a folder of their own', async () => {
    const root = join(await temporaryFolder(), 'data');
    const mask = rectangle(24, 16, { x: 2, y: 2, w: 4, h: 4 });
    await put(join(root, 'images', 'x.rf.ab.png'), await imagePng(24, 16));
    await put(join(root, 'masks', 'x.rf.ab_mask.png'), await maskPng(mask, 1));
    await put(join(root, '_classes.csv'), 'Pixel Value, Class\n0, background\n1, lung\n');
    const listing = await openDataset(root);
    expect(listing.format).toBe('folders');
    expect(await labelsOf(listing)).toEqual(new Map([['x.rf.ab lung', mask]]));
  });

  it('may have more than one value that is no structure', async () => {
    const root = await copied();
    const classes = 'Pixel Value, Class\n0, background\n1, lung\n2, background\n';
    await writeFile(join(root, 'train', '_classes.csv'), classes);
    const listing = await openDataset(root);
    const [label] = listing.cases[0].labels;
    const { notice } = await label.read({ width: 30, height: 24 });
    expect(notice).toBeUndefined();
  });
});
