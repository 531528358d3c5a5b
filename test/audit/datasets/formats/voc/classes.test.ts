import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../../../audit/codecs/png.ts';
import { readRaster } from '../../../../../audit/codecs/index.ts';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import { imagePng, inProject, labelsOf, put, rectangle, temporaryFolder } from '../../fixtures.ts';

const SIZE = { width: 24, height: 16 };
const LUNG = rectangle(24, 16, { x: 1, y: 2, w: 8, h: 10 });
const HEART = rectangle(24, 16, { x: 12, y: 5, w: 4, h: 6 });
const COLOURS = [0, 0, 0, 204, 153, 51, 48, 112, 32];

/** One number per pixel: `lung` and `heart` at their places, 0 elsewhere. */
const numbers = (lung: number, heart: number): Uint8Array =>
  LUNG.data.map((value, i) => (value === 1 ? lung : HEART.data[i] === 1 ? heart : 0));

const paletteMask = (data: Uint8Array, palette: readonly number[]) =>
  encodePng({ ...SIZE, bits: 8, data, palette: Uint8Array.from(palette) });

function colourMask(palette: readonly number[]): Uint8Array {
  const data = Uint8Array.from(
    [...numbers(1, 2)].flatMap((value) => palette.slice(3 * value, 3 * value + 3)),
  );
  return encode({ ...SIZE, data, channels: 3 });
}

async function dataset(
  mask: Uint8Array,
  names: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await put(join(root, 'JPEGImages', 'x.png'), await imagePng(24, 16));
  await put(join(root, 'SegmentationClass', 'x.png'), mask);
  for (const [name, text] of Object.entries(names)) await put(join(root, name), text);
  return root;
}

const map = (...lines: readonly string[]) => ({
  'labelmap.txt': ['# label:color_rgb:parts:actions', ...lines, ''].join('\n'),
});
const BY_COLOUR = map('background:0,0,0::', 'heart:48,112,32::', 'lung:204,153,51::');

async function imported(root: string) {
  const listing = await openDataset(root);
  const labels = await labelsOf(listing);
  const first = await listing.cases[0].labels[0].read(SIZE);
  return { listing, labels, said: [...listing.notices, first.notice].map((one) => one?.reason) };
}

/** The red, green and blue of a pixel. */
async function colourAt(file: string, x: number, y: number): Promise<number[]> {
  const { raster } = await readRaster(file);
  const at = y * raster.width + x;
  if (raster.palette !== undefined) {
    return [...raster.palette.subarray(3 * raster.data[at], 3 * raster.data[at] + 3)];
  }
  return [...raster.data.subarray(at * raster.channels, at * raster.channels + 3)];
}

describe('the classes of a VOC mask', () => {
  it.each([
    ['a palette in another order than labelmap.txt', () => paletteMask(numbers(1, 2), COLOURS)],
    ['a colour picture', () => Promise.resolve(colourMask(COLOURS))],
  ])('are the colours of labelmap.txt in %s', async (_, mask) => {
    const root = await dataset(await mask(), BY_COLOUR);
    const { labels, said } = await imported(root);
    expect(labels.get('x lung')).toEqual(LUNG);
    expect(labels.get('x heart')).toEqual(HEART);
    expect(said).toEqual([undefined]);
  });

  it('are found when the background is not the first line, or has the index of a class', async () => {
    const lines = map('heart:48,112,32::', 'background:0,0,0::', 'lung:204,153,51::');
    const swapped = HEART.data.map((_, i) =>
      LUNG.data[i] === 1 ? 0 : HEART.data[i] === 1 ? 1 : 2,
    );
    const root = await dataset(
      await paletteMask(swapped, [204, 153, 51, 48, 112, 32, 0, 0, 0]),
      lines,
    );
    const { labels, listing } = await imported(root);
    expect(listing.structures.map(({ name }) => name)).toEqual(['heart', 'lung']);
    expect(labels.get('x lung')).toEqual(LUNG);
    expect(labels.get('x heart')).toEqual(HEART);
  });

  it('keep their colours in an export, and a class keeps the index of its file', async () => {
    for (const mask of [await paletteMask(numbers(1, 2), COLOURS), colourMask(COLOURS)]) {
      const root = await dataset(mask, BY_COLOUR);
      const data = LUNG.data.slice();
      data.fill(1, 0, 5);
      await inProject(root, async (project, out) => {
        const by = { author: 'tester', reason: 'replace' } as const;
        await project.addRevision('x', 'lung', { ...SIZE, data }, by);
        await exportDataset(project, out);
        const file = join(out, 'SegmentationClass', 'x.png');
        expect(await colourAt(file, 0, 0)).toEqual([204, 153, 51]);
        expect(await colourAt(file, 13, 6)).toEqual([48, 112, 32]);
        expect(await colourAt(file, 23, 15)).toEqual([0, 0, 0]);
        const again = await labelsOf(await openDataset(out));
        expect(again.get('x lung')).toEqual({ ...SIZE, data });
        expect(again.get('x heart')).toEqual(HEART);
        const { raster } = await readRaster(file);
        if (mask instanceof Buffer)
          expect([raster.data[0], raster.data[6 * 24 + 13]]).toEqual([1, 2]);
      });
    }
  });

  it('are named in a notice where labelmap.txt does not name a colour', async () => {
    const root = await dataset(colourMask(COLOURS), map('background:0,0,0::', 'lung:204,153,51::'));
    const { labels, said } = await imported(root);
    expect(labels.get('x lung')).toEqual(LUNG);
    expect(said).toEqual([
      'has the colours 48,112,32, which no class has: they belong to no structure.',
    ]);
  });

  it('are the numbers of the pixels, with a notice, where no colour fits', async () => {
    const other = [0, 0, 0, 9, 9, 9, 7, 7, 7];
    const { labels, said } = await imported(
      await dataset(await paletteMask(numbers(1, 2), other), BY_COLOUR),
    );
    expect(labels.get('x heart')).toEqual(LUNG);
    expect(said).toEqual([
      'has other colours than labelmap.txt names: the numbers of its pixels were taken as the classes.',
    ]);
  });

  it('have the names in class_names.txt of labelme', async () => {
    const root = await dataset(await paletteMask(numbers(1, 2), [0, 0, 0, 128, 0, 0, 0, 128, 0]), {
      'class_names.txt': '_background_\nlung\nheart',
    });
    const { labels, said } = await imported(root);
    expect(labels.get('x lung')).toEqual(LUNG);
    expect(labels.get('x heart')).toEqual(HEART);
    expect(said).toEqual([undefined]);
    await inProject(root, async (project, out) => {
      await exportDataset(project, out);
      expect(await readFile(join(out, 'class_names.txt'), 'utf8')).toContain('lung');
    });
  });

  it('have the names of the challenge, with a notice, where no file names them', async () => {
    const { listing, said } = await imported(
      await dataset(await paletteMask(numbers(1, 2), [0, 0, 0, 128, 0, 0, 0, 128, 0])),
    );
    expect(listing.structures.map(({ name }) => name)).toEqual(['aeroplane', 'bicycle']);
    expect(said[0]).toMatch(
      /^has no file that names its classes: .* name them in labelmap\.txt\.$/,
    );
  });
});
