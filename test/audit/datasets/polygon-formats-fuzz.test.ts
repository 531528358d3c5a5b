import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../audit/errors.ts';
import { readerOf } from '../../../audit/datasets/formats.ts';
import { random as seeded } from '../../../models/random.ts';
import type { Random } from '../../../models/random.ts';
import { temporaryFolder } from './fixtures.ts';

const MUTATIONS = 24;
/** In each fixture the files that say what the others are. */
const FILES = {
  labelme: ['a.json', 'deep/b.json', 'gone.json'],
  voc: ['labelmap.txt', 'ImageSets/Segmentation/train.txt', 'SegmentationClass/a.png'],
  yolo: ['data.yaml', 'labels/train/a.txt', 'labels/val/b.txt'],
  cvat: ['default.xml'],
} as const;

/** What breaks formats: numbers that are none or too large, and pieces cut out or put in twice. */
const PIECES = [
  '-1',
  '1e308',
  'NaN',
  '99999999999',
  '""',
  'null',
  '<',
  '"',
  '[',
  '../',
  '\u0000',
  '&a;',
];

function mutated(bytes: Buffer, random: Random): Buffer {
  const at = random.integer(bytes.length);
  const length = random.integer(12);
  const rest = bytes.subarray(at + length);
  switch (random.integer(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), rest]);
    case 2:
      return Buffer.concat([
        bytes.subarray(0, at),
        bytes.subarray(at, at + 200),
        bytes.subarray(at),
      ]);
    default: {
      const piece = PIECES[random.integer(PIECES.length)];
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(piece), rest]);
    }
  }
}

/** Opens a dataset and reads all of it, as an import does. */
async function readAll(format: string, root: string): Promise<void> {
  const listing = await readerOf(format).open(root, {});
  for (const source of listing.cases) {
    const { image } = await source.readImage();
    for (const label of source.labels) {
      try {
        const { mask } = await label.read(image);
        expect(mask.data).toHaveLength(image.width * image.height);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }
  }
}

describe.each(Object.entries(FILES))('broken files of %s', (format, files) => {
  it('are read, or left out with one sentence', async () => {
    const root = join(await temporaryFolder(), 'data');
    const fixture = new URL(`fixtures/${format}/dataset`, import.meta.url);
    await cp(fileURLToPath(fixture), root, { recursive: true });
    const random = seeded('broken files', format);
    let refused = 0;
    for (let i = 0; i < MUTATIONS; i += 1) {
      const file = join(root, files[i % files.length]);
      const bytes = await readFile(file);
      await writeFile(file, mutated(bytes, random));
      try {
        await readAll(format, root);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.message).not.toContain('\n');
        refused += 1;
      }
      await writeFile(file, bytes);
    }
    expect(refused).toBeLessThan(MUTATIONS);
  });
});
