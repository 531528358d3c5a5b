/** Masks in TIFF files with a page per structure. */
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRaster } from '../../../../audit/codecs/index.ts';
import { decodeTiff, encodeTiff } from '../../../../audit/codecs/tiff/tiff.ts';
import { exportDataset } from '../../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../../audit/datasets/export/losses.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import { legendOf } from '../../../../audit/datasets/masks/legend.ts';
import type { ProjectWriter } from '../../../../audit/store/types.ts';
import { FIXTURES } from '../../codecs/expected.ts';
import {
  contents,
  drawn,
  imagePng,
  inProject,
  labelsOf,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../fixtures.ts';

const by = { author: 'tester', reason: 'replace' };
const SIZE = { width: 24, height: 16 };
const LEGEND = '{"pages": {"0": "lung", "1": "heart"}}';

async function copied(): Promise<string> {
  const root = join(await temporaryFolder(), 'set');
  await cp(join(FIXTURES, 'pages', 'dataset'), root, { recursive: true });
  return root;
}

/** A TIFF with a page for each text in `rows`. A page is one row of pixels: the digits times `on`. */
function pages(on: number, ...rows: string[]): Buffer {
  const data = Uint8Array.from(rows.join(''), (digit) => Number(digit) * on);
  return encodeTiff({ width: rows[0].length, height: 1, bits: 8, data });
}

/** A dataset with one image `a` of 6 × 1 pixels and the given mask file. */
async function dataset(mask: Uint8Array, { legend = LEGEND, name = 'a.tif' } = {}) {
  const root = join(await temporaryFolder(), 'set');
  await put(join(root, 'images', 'a.png'), await imagePng(6, 1));
  await put(join(root, 'masks', name), mask);
  if (legend !== '') await put(join(root, 'masks', 'legend.json'), legend);
  return root;
}

/** For each label of the only case: its mask as text and its notice, or the message of the error. */
async function read(root: string): Promise<(string | undefined)[][]> {
  const [only] = (await openDataset(root, {}, 'folders')).cases;
  return Promise.all(
    only.labels.map(async (label) => {
      try {
        const { mask, notice } = await label.read({ width: 6, height: 1 });
        return [drawn(mask), notice?.reason];
      } catch (error) {
        return [(error as Error).message.replace(/^.*a\.\w+ /, '')];
      }
    }),
  );
}

/**
 * Imports the dataset at `root`, changes the project with `work`, checks that no loss is foreseen, and
 * exports the project.
 */
async function exported(root: string, work: (project: ProjectWriter) => Promise<void> | void) {
  return inProject(root, async (project, out) => {
    await work(project);
    expect((await foreseeExport(project)).losses).toEqual([]);
    return { out, notices: (await exportDataset(project, out)).notices };
  });
}

const stored = async (...path: string[]) => {
  const { width, height, bits, data } = (await readRaster(join(...path), 'pages')).raster;
  const count = width * height;
  const planes = Array.from({ length: data.length / count }, (_, page) => [
    ...data.slice(page * count, (page + 1) * count),
  ]);
  return { bits, planes };
};

const line = (text: string) => ({ width: 6, height: 1, data: Uint8Array.from(text, Number) });

describe('TIFF masks with a page per structure', () => {
  it('are read like tifffile reads them, from ImageJ and from big-endian deflated files', async () => {
    const listing = await openDataset(join(FIXTURES, 'pages', 'dataset'));
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart']);
    const text = await readFile(join(FIXTURES, 'pages', 'masks.json'), 'utf8');
    type Stored = Record<string, Record<string, { runs: number[] }>>;
    const labels = await labelsOf(listing);
    for (const [id, structures] of Object.entries(JSON.parse(text) as Stored)) {
      for (const [structure, { runs }] of Object.entries(structures)) {
        const data = Uint8Array.from(runs.flatMap((run, i) => Array<number>(run).fill(i % 2)));
        expect(drawn(labels.get(`${id} ${structure}`)!)).toBe(drawn({ ...SIZE, data }));
      }
    }
    const notices = await Promise.all(
      listing.cases.flatMap((one) => one.labels.map((label) => label.read(SIZE))),
    );
    expect(notices.flatMap(({ notice }) => (notice ? [notice.reason] : []))).toEqual([
      'holds something on page 2, which the legend does not name: it belongs to no structure.',
    ]);
  });

  it('are copied byte for byte if no label was corrected', async () => {
    const root = await copied();
    const { out } = await exported(root, () => undefined);
    const after = await contents(out);
    after.delete('overread-export.json');
    expect(after).toEqual(await contents(root));
  });

  it('keep every sample except on the corrected page', async () => {
    const root = await copied();
    const heart = rectangle(24, 16, { x: 2, y: 1, w: 9, h: 7 });
    const { out, notices } = await exported(root, async (project) => {
      await project.addRevision('a', 'heart', heart, by);
      await project.addRevision('b', 'lung', heart, by);
    });
    expect(notices).toEqual([]);
    const [a, b] = [await stored(root, 'masks/a.tif'), await stored(root, 'masks/b.tif')];
    const times = (on: number) => [...heart.data].map((value) => value * on);
    expect(a.planes).toHaveLength(3);
    expect(await stored(out, 'masks/a.tif')).toEqual({
      bits: 8,
      planes: [a.planes[0], times(255), a.planes[2]],
    });
    expect(await stored(out, 'masks/b.tif')).toEqual({
      bits: 16,
      planes: [times(1000), b.planes[1]],
    });
    // The export can be imported again.
    const again = await labelsOf(await openDataset(out));
    expect(drawn(again.get('a heart')!)).toBe(drawn(heart));
  });

  it('get an empty page for an excluded structure, and the other pages stay as they are', async () => {
    const root = await dataset(pages(255, '011110', '001111'));
    const { out, notices } = await exported(root, (project) => {
      project.setVerdict('a', 'lung', 'excluded', { author: 'tester' });
    });
    expect((await stored(out, 'masks/a.tif')).planes).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 0, 255, 255, 255, 255],
    ]);
    expect(notices.map(({ reason }) => reason)).toEqual([
      'holds the excluded lung as an empty page.',
    ]);
  });

  it('get a new page for a new structure, with the pixel values of the other pages', async () => {
    const root = await dataset(pages(7, '011110'), {
      legend: '{"pages": {"0": "lung", "2": "heart"}}',
    });
    expect(await read(root)).toEqual([
      ['.####.', undefined],
      ['has 1 page, and the legend names page 2, counted from 0: add it, or correct the legend.'],
    ]);
    const { out } = await exported(root, async (project) => {
      await project.addRevision('a', 'heart', line('000111'), by);
    });
    expect((await stored(out, 'masks/a.tif')).planes).toEqual([
      [0, 7, 7, 7, 7, 0],
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 7, 7, 7],
    ]);
  });

  it('with soft edges are cut at half of the maximum, and a multi-valued page is refused', async () => {
    const root = await dataset(pages(20, '029940', '001230'));
    expect(await read(root)).toEqual([
      ['..##..', 'has 2 pixels between inside and outside on page 0: cut at half of the maximum.'],
      ['...##.', 'has 2 pixels between inside and outside on page 1: cut at half of the maximum.'],
    ]);
    expect((await read(await dataset(pages(1, '011110', '001230'))))[1]).toEqual([
      'holds the values 0, 1, 2, 3 on page 1, not two: it looks like a multi-valued mask, and a page is one structure.',
    ]);
  });

  it('with soft edges are redrawn with the smallest and largest value of the page', async () => {
    const root = await dataset(pages(20, '129941', '129941'));
    const { out } = await exported(root, async (project) => {
      await project.addRevision('a', 'lung', line('000111'), by);
      await project.addRevision('a', 'heart', line('000000'), by);
    });
    expect((await stored(out, 'masks/a.tif')).planes).toEqual([
      [20, 20, 20, 180, 180, 180],
      [0, 0, 0, 0, 0, 0],
    ]);
  });

  it('in which 0 is white are written with 0 as white', async () => {
    const data = Uint8Array.from('011110001111', (digit) => Number(digit) * 255);
    const plane = { width: 6, height: 1, bits: 8 as const, data };
    const root = await dataset(encodeTiff({ ...plane, whiteIsZero: true }));
    const { out } = await exported(root, async (project) => {
      await project.addRevision('a', 'lung', line('000111'), by);
    });
    expect((await readRaster(join(out, 'masks/a.tif'), 'pages')).raster.whiteIsZero).toBe(true);
    expect((await stored(out, 'masks/a.tif')).planes).toEqual([
      [0, 0, 0, 255, 255, 255],
      [0, 0, 255, 255, 255, 255],
    ]);
    // The first strip in the file holds the inverted numbers, because 0 is white.
    const bytes = await readFile(join(out, 'masks/a.tif'));
    expect([...bytes.subarray(8, 14)]).toEqual([255, 255, 255, 0, 0, 0]);
  });

  it('are refused without a legend, in files other than TIFF, and if they differ in size', async () => {
    const two = pages(255, '011110', '001111');
    const several =
      'is a TIFF of several pages: in a folder of masks give a legend of them, such as ' +
      '{"pages": {"0": "lung", "1": "heart"}}, else save each page as a file of its own.';
    expect(await read(await dataset(two, { legend: '' }))).toEqual([[several]]);
    expect(await read(await dataset(two, { legend: '{"1": "lung"}' }))).toEqual([[several]]);
    expect(
      (await read(await dataset(await maskPng(line('011110')), { name: 'a.png' })))[0],
    ).toEqual(['is no TIFF, and the legend names pages of TIFF files: save it as one.']);
    // Changes the width of the second page.
    const unlike = Buffer.from(two);
    const second = unlike.readUInt32LE(unlike.readUInt32LE(4) + 2 + 9 * 12);
    unlike.writeUInt32LE(5, second + 2 + 8);
    expect((await read(await dataset(unlike)))[0]).toEqual([
      'has pages of several sizes or kinds: save all of them alike.',
    ]);
    const image = await dataset(two);
    await put(join(image, 'images', 'a.tif'), two);
    await expect(readRaster(join(image, 'images', 'a.tif'))).rejects.toThrow(/is a volume/);
  });

  it('are refused if there are more than 256, or if the last page refers back to the first', async () => {
    const most = pages(1, ...Array<string>(256).fill('010'));
    expect((await decodeTiff(most, 'pages')).data).toHaveLength(768);
    const more = pages(1, ...Array<string>(257).fill('010'));
    await expect(decodeTiff(more, 'pages')).rejects.toThrow(/more than 256 pages/);
    const circle = pages(1, '010', '011');
    const first = circle.readUInt32LE(4);
    const second = circle.readUInt32LE(first + 2 + 9 * 12);
    circle.writeUInt32LE(first, second + 2 + 9 * 12);
    await expect(decodeTiff(circle, 'pages')).rejects.toThrow(/more than 256 pages/);
  });

  it('survive encoding and decoding in any size, depth and number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom<8 | 16>(8, 16),
        async (width, height, count, bits) => {
          const data = Uint16Array.from(
            { length: width * height * count },
            (_, i) => (i * 40_503) % 2 ** bits,
          );
          const own = bits === 8 ? Uint8Array.from(data) : data;
          const raster = await decodeTiff(encodeTiff({ width, height, bits, data: own }), 'pages');
          expect(raster).toEqual({ format: 'tiff', width, height, bits, channels: 1, data: own });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are named by a legend with page numbers from 0 to 255', () => {
    expect(legendOf({ pages: { 255: 'b', 0: 'a' } })).toEqual({
      kind: 'pages',
      background: [],
      entries: [
        [0, 'a'],
        [255, 'b'],
      ],
    });
    expect(() => legendOf({ pages: { 256: 'a' } })).toThrow(/whole pages from 0 to 255, not 256/);
    expect(() => legendOf({ pages: { 0: 'a', 1: 'a' } })).toThrow(/the page 1 or .*twice/);
  });

  it('are exported with the legend that was given as an option', async () => {
    const root = await dataset(pages(255, '011110', '001111'), { legend: '' });
    const named = { images: join(root, 'images'), masks: join(root, 'masks') };
    const legend = { pages: { 0: 'lung', 1: 'heart' } };
    const listing = await openDataset('', { ...named, legend }, 'folders');
    const written = await inProject(
      root,
      async (project, out) => {
        await exportDataset(project, out);
        return readFile(join(out, 'legend.json'), 'utf8');
      },
      listing,
    );
    expect(JSON.parse(written)).toEqual(legend);
  });
});
