import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRaster } from '../../../../audit/codecs/index.ts';
import { encodePng } from '../../../../audit/codecs/png.ts';
import { encodeTiff } from '../../../../audit/codecs/tiff/tiff.ts';
import { createFromDataset } from '../../../../audit/datasets/import/create.ts';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import { encodeMask } from '../../../../audit/datasets/masks/mask-style.ts';
import type { MaskStyle } from '../../../../audit/datasets/masks/mask-style.ts';
import { binaryMask } from '../../../../audit/datasets/masks/masks.ts';
import type { ProjectWriter } from '../../../../audit/store/types.ts';
import {
  contents,
  drawn,
  foldersDataset,
  imagePng,
  inProject,
  jsrtDataset,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../fixtures.ts';

const by = { author: 'tester', reason: 'replace' };

/** Imports the dataset at `root`, changes the project with `work`, and exports the project. */
async function exported(
  root: string,
  work: (project: ProjectWriter) => Promise<void> | void,
  format?: string,
) {
  return inProject(root, async (project, out) => {
    await work(project);
    const result = await exportDataset(project, out, { ...(format !== undefined && { format }) });
    const record = JSON.parse(await readFile(join(out, 'overread-export.json'), 'utf8')) as {
      labels: { case: string; structure: string; verdict: string | null; written: boolean }[];
      excludedCases: string[];
    };
    return { out, result, record };
  });
}

const valuesOf = async (file: string) => (await readRaster(file)).raster.data;

describe('an export', () => {
  it('without changes equals the dataset byte for byte', async () => {
    const root = await temporaryFolder();
    const [a] = await foldersDataset(root, 5);
    await put(join(root, 'splits.json'), JSON.stringify({ train: [a] }));
    const before = await contents(root);
    const { out, result } = await exported(root, () => undefined);
    const after = await contents(out);
    after.delete('overread-export.json');
    expect(after).toEqual(before);
    expect(result).toMatchObject({ cases: 5, corrected: 0, excludedLabels: 0, notices: [] });
    expect(await contents(root)).toEqual(before);
  });

  it('writes corrected masks with the values of their files, and leaves excluded labels out', async () => {
    const root = await temporaryFolder();
    const [a, b, c] = await foldersDataset(root, 4);
    await put(join(root, 'splits.json'), JSON.stringify({ train: [a, b], test: [c] }));
    const fixed = rectangle(24, 16, { x: 3, y: 3, w: 9, h: 9 });
    const { out, result, record } = await exported(root, async (project) => {
      await project.addRevision(a, 'lung', fixed, by);
      await project.addRevision(a, 'heart', fixed, by);
      project.setVerdict(b, 'heart', 'excluded', { author: 'tester', comment: 'wrong patient' });
      project.setVerdict(c, null, 'excluded', { author: 'tester' });
    });
    expect([...(await valuesOf(join(out, 'lung', `${a}.png`)))]).toEqual(
      [...fixed.data].map((v) => v * 255),
    );
    expect([...(await valuesOf(join(out, 'heart', `${a}.png`)))]).toEqual([...fixed.data]);
    const files = await contents(out);
    expect(files.has(`lung/${b}.png`)).toBe(true);
    expect(files.has(`heart/${b}.png`)).toBe(false);
    expect([...files.keys()].some((file) => file.includes(c))).toBe(false);
    expect(JSON.parse(await readFile(join(out, 'splits.json'), 'utf8'))).toEqual({
      train: [a, b],
      test: [],
    });
    expect(result).toMatchObject({ cases: 3, corrected: 2, excludedLabels: 3, excludedCases: 1 });
    expect(record.excludedCases).toEqual([c]);
    expect(record.labels).toContainEqual({
      case: b,
      structure: 'heart',
      verdict: 'excluded',
      corrected: false,
      written: false,
      comment: 'wrong patient',
    });
  });

  it('writes a resampled mask at its own size, and an empty or new mask like others in its folder', async () => {
    const root = await temporaryFolder();
    const small = rectangle(12, 8, { x: 2, y: 2, w: 4, h: 4 });
    for (const [i, id] of ['a', 'b', 'c'].entries()) {
      await put(join(root, 'images', `${id}.png`), await imagePng(24, 16, i));
      await put(join(root, 'lung', `${id}_mask.png`), await maskPng(small, 1));
      if (id !== 'c') await put(join(root, 'heart', `${id}.png`), await maskPng(small, 7));
    }
    const fixed = rectangle(24, 16, { x: 4, y: 4, w: 12, h: 8 });
    const { out, result } = await exported(root, async (project) => {
      await project.addRevision('a', 'lung', fixed, by);
      await project.addRevision('c', 'heart', fixed, by);
    });
    const lung = await readRaster(join(out, 'lung', 'a_mask.png'));
    expect(lung.raster).toMatchObject({ width: 12, height: 8 });
    expect(drawn(binaryMask(lung.raster).mask)).toBe(
      drawn(rectangle(12, 8, { x: 2, y: 2, w: 6, h: 4 })),
    );
    expect(Math.max(...(await valuesOf(join(out, 'heart', 'c.png'))))).toBe(7);
    expect(result.notices).toEqual([
      {
        kind: 'changed',
        file: 'lung/a_mask.png',
        reason: 'was corrected at 24 × 16 and written at the file’s size, 12 × 8.',
      },
    ]);
  });

  it('writes TIFF masks as TIFF, and JPEG masks as PNG', async () => {
    const root = await temporaryFolder();
    const box = rectangle(24, 16, { x: 2, y: 2, w: 5, h: 5 });
    await put(join(root, 'images', 'a.png'), await imagePng(24, 16));
    const tiff = encodeTiff({
      width: 24,
      height: 16,
      bits: 16,
      data: Uint16Array.from(box.data, (v) => v * 65535),
    });
    await put(join(root, 'lung', 'a.TIFF'), tiff);
    const fixed = rectangle(24, 16, { x: 9, y: 2, w: 5, h: 5 });
    const { out } = await exported(root, async (project) => {
      await project.addRevision('a', 'lung', fixed, by);
    });
    const { raster } = await readRaster(join(out, 'lung', 'a.TIFF'));
    expect(raster).toMatchObject({ format: 'tiff', bits: 16 });
    expect([...raster.data]).toEqual([...fixed.data].map((value) => value * 65535));
  });

  it('draws multi-valued masks in the order of the legend and says which pixels are lost', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'images', 'a.png'), await imagePng(6, 1));
    await put(join(root, 'images', 'b.png'), await imagePng(6, 1, 3));
    const mask = (...data: number[]) =>
      encodePng({
        width: 6,
        height: 1,
        bits: 8,
        data: Uint8Array.from(data),
        palette: new Uint8Array(30),
      });
    await put(join(root, 'masks', 'a.png'), await mask(0, 1, 1, 2, 9, 0));
    await put(join(root, 'masks', 'b.png'), await mask(1, 1, 0, 0, 2, 2));
    await put(join(root, 'legend.json'), '{"1": "lung", "2": "heart"}');
    const line = (text: string) => ({ width: 6, height: 1, data: Uint8Array.from(text, Number) });
    const { out, result } = await exported(root, async (project) => {
      await project.addRevision('a', 'heart', line('001100'), by);
      project.setVerdict('b', 'lung', 'excluded', { author: 'tester' });
    });
    expect([...(await valuesOf(join(out, 'masks', 'a.png')))]).toEqual([0, 1, 2, 2, 9, 0]);
    expect([...(await valuesOf(join(out, 'masks', 'b.png')))]).toEqual([0, 0, 0, 0, 2, 2]);
    expect(result.notices.map(({ file, reason }) => [file, reason])).toEqual([
      [
        'masks/a.png',
        'lost 1 pixel where structures overlap: the later in the legend covers the earlier.',
      ],
      [
        'masks/b.png',
        'holds the excluded lung as background, because the file has one number per pixel.',
      ],
    ]);
    expect((await contents(out)).has('legend.json')).toBe(true);
  });

  it('writes the legend of multi-valued masks, so that the export can be imported', async () => {
    const values = (...data: number[]) =>
      encodePng({ width: 6, height: 1, bits: 8, data: Uint8Array.from(data) });
    for (const place of ['option', 'masks/legend.json', 'masks/classes.txt']) {
      const root = await temporaryFolder();
      const folders = { images: join(root, 'images'), masks: join(root, 'masks') };
      await put(join(folders.images, 'a.png'), await imagePng(6, 1));
      await put(join(folders.masks, 'a.png'), await values(0, 7, 7, 2, 2, 0));
      // For `option`, the legend in the folder must not be used, because the option gives another one.
      if (place === 'option') await put(join(root, 'legend.json'), '{"1": "tube"}');
      else if (place.endsWith('.json')) await put(join(root, place), '{"2": "heart", "7": "lung"}');
      else await put(join(root, place), '2 heart\n7 lung\n');
      const legend = place === 'option' ? { legend: { 2: 'heart', 7: 'lung' } } : {};
      const listing = await openDataset('', { ...folders, ...legend }, 'folders');
      expect(listing.notices).toEqual([]);
      const { project } = await createFromDataset(join(root, '..', 'p.overread'), listing);
      const out = join(root, '..', 'out');
      await exportDataset(project, out);
      const before = await Promise.all(
        project.structures.map(({ name }) => project.mask('a', name)),
      );
      project.close();
      const again = await createFromDataset(join(root, '..', 'q.overread'), await openDataset(out));
      expect(again.project.structures.map(({ name }) => name)).toEqual(['heart', 'lung']);
      expect(again.project.importNotices()).toEqual([]);
      for (const [i, name] of ['heart', 'lung'].entries()) {
        expect(await again.project.mask('a', name)).toEqual(before[i]);
      }
      again.project.close();
    }
  });

  it('splits a corrected JSRT label into left and right GIFs of 1024 × 1024', async () => {
    const root = await temporaryFolder();
    await jsrtDataset(root);
    const before = await contents(root);
    const fixed = rectangle(2048, 2048, { x: 420, y: 620, w: 300, h: 500 });
    const grown = rectangle(2048, 2048, { x: 1250, y: 620, w: 300, h: 500 });
    for (let i = 0; i < grown.data.length; i += 1) fixed.data[i] |= grown.data[i];
    const { out } = await exported(root, async (project) => {
      await project.addRevision('JPCLN001', 'lung', fixed, by);
    });
    const after = await contents(out);
    const masks = 'scratch/fold1/masks';
    for (const [folder, x] of [
      ['left lung', 625],
      ['right lung', 210],
    ] as const) {
      const name = `${masks}/${folder}/JPCLN001.gif`;
      const { raster } = await readRaster(join(out, name));
      expect(raster).toMatchObject({ format: 'gif', width: 1024, height: 1024 });
      const expected = rectangle(1024, 1024, { x, y: 310, w: 150, h: 250 });
      expect(Buffer.compare(binaryMask(raster).mask.data, expected.data)).toBe(0);
      before.delete(name);
      after.delete(name);
    }
    after.delete('overread-export.json');
    // This mask was not imported, because the other side of the lung is missing.
    before.delete('scratch/fold2/masks/left lung/JPCNN002.gif');
    expect([...after.keys()]).toEqual([...before.keys()]);
    expect([...after.values()].every((bytes, i) => bytes === [...before.values()][i])).toBe(true);
  }, 180_000);

  it('of a JSRT dataset as folders can be imported again with the same masks', async () => {
    const root = await temporaryFolder();
    await jsrtDataset(root);
    const { out } = await exported(root, () => undefined, 'folders');
    const listing = await openDataset(out);
    expect(listing.format).toBe('folders');
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart', 'clavicle']);
    expect(listing.cases.map(({ id }) => id)).toEqual(['JPCLN001', 'JPCNN002']);
    expect((await listing.cases[0].readImage()).image.bits).toBe(12);
  }, 180_000);

  it('leaves no files behind when it fails or is cancelled, and removes those of a killed export', async () => {
    const root = await temporaryFolder();
    const [a] = await foldersDataset(root, 6);
    const parent = dirname(root);
    const { project } = await createFromDataset(
      join(parent, 'p.overread'),
      await openDataset(root),
    );
    const out = join(parent, 'out');
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) =>
      done === 3 && stop.abort(new Error('stopped'));
    await expect(exportDataset(project, out, { signal: stop.signal, onProgress })).rejects.toThrow(
      'stopped',
    );
    await rm(join(root, 'images', `${a}.png`));
    await expect(exportDataset(project, out)).rejects.toThrow(/is not there any more/);
    expect((await readdir(parent)).sort()).toEqual(
      ['p.overread', root.slice(parent.length + 1)].sort(),
    );
    await put(join(root, 'images', `${a}.png`), await imagePng(24, 16));
    await exportDataset(project, out);
    expect((await readdir(parent)).filter((name) => name.startsWith('.out'))).toEqual([]);
    await expect(exportDataset(project, out)).rejects.toThrow(/is not empty: name a new folder/);
    await expect(exportDataset(project, join(root, 'out'))).rejects.toThrow(
      /inside the dataset's folder/,
    );
    const inside = join(project.folder, 'out');
    await expect(exportDataset(project, inside)).rejects.toThrow(/inside the project/);
    project.close();
  });

  it('links images when asked to', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 2);
    const { project } = await createFromDataset(
      join(dirname(root), 'p.overread'),
      await openDataset(root),
    );
    await exportDataset(project, join(dirname(root), 'out'), { link: true });
    project.close();
    const before = await contents(join(root, 'images'));
    expect(await contents(join(dirname(root), 'out', 'images'))).toEqual(before);
  });
});

describe('an exported mask', () => {
  const palette = Uint8Array.from({ length: 768 }, (_, i) => 255 - Math.floor(i / 3));
  const styles: MaskStyle[] = [
    { format: 'png', bits: 8, on: 255, off: 0, size: null },
    { format: 'png', bits: 1, on: 1, off: 0, size: null },
    { format: 'png', bits: 16, on: 65535, off: 0, size: null },
    { format: 'png', bits: 8, on: 3, off: 4, palette, size: null },
    { format: 'gif', bits: 8, on: 0, off: 255, palette, size: null },
    { format: 'tiff', bits: 8, on: 1, off: 0, size: null },
  ];

  it('of any shape survives writing and reading in every kind of file', async () => {
    const folder = await temporaryFolder();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 12, maxLength: 144 }),
        fc.constantFrom(...styles),
        async (width, pixels, style) => {
          const height = Math.floor(pixels.length / width);
          const data = Uint8Array.from(pixels.slice(0, width * height));
          // A file with one value alone does not tell whether all pixels are inside or all outside.
          fc.pre(data.includes(0) && data.includes(1));
          const mask = { width, height, data };
          const { bytes } = await encodeMask(mask, style);
          count += 1;
          const file = await put(join(folder, `${count}.${style.format}`), bytes);
          expect(binaryMask((await readRaster(file)).raster).mask).toEqual(mask);
        },
      ),
      { numRuns: 60 },
    );
  });
});
