/** Small datasets made by code, in temporary folders that are removed after each test. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { encodeGif } from '../../../audit/codecs/gif.ts';
import { encodePng } from '../../../audit/codecs/png.ts';
import { createFromDataset } from '../../../audit/datasets/import/create.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { walk } from '../../../audit/datasets/tree/walk.ts';
import type { DatasetListing, OpenedDataset } from '../../../audit/datasets/types.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import type { ProjectWriter } from '../../../audit/store/types.ts';
import { folderOfTest } from '../../temporary.ts';
import { rowsOf } from '../imaging/masks.ts';

/** A new folder; its name has a space, a quote and letters that are not Latin. */
export async function temporaryFolder(): Promise<string> {
  const outer = await folderOfTest('overread-datasets-');
  const folder = join(outer, "d'été 胸部 X-ray");
  await mkdir(folder);
  return folder;
}

/**
 * Imports the dataset in `root` into a new project in the same parent folder, runs `use`, and closes
 * the project.
 * @param use gets the project and the path of a folder for an export, which does not exist yet
 */
export async function inProject<T>(
  root: string,
  use: (project: ProjectWriter, out: string) => Promise<T>,
  listing?: OpenedDataset,
): Promise<T> {
  const parent = dirname(root);
  const { project } = await createFromDataset(
    join(parent, 'p.overread'),
    listing ?? (await openDataset(root)),
  );
  try {
    return await use(project, join(parent, 'out'));
  } finally {
    project.close();
  }
}

/** Writes a file and the folders above it. */
export async function put(path: string, bytes: Uint8Array | string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** A smooth 8-bit picture that differs with its seed. */
export function picture(width: number, height: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    return (x * 3 + y * 5 + seed * 37 + ((x * y) % 7)) & 255;
  });
}

/** A filled rectangle. */
export function rectangle(
  width: number,
  height: number,
  box: { x: number; y: number; w: number; h: number },
): Mask {
  const data = new Uint8Array(width * height);
  for (let y = box.y; y < box.y + box.h; y += 1) {
    data.fill(1, y * width + box.x, y * width + box.x + box.w);
  }
  return { width, height, data };
}

/** A mask as an 8-bit PNG of 0 outside and `on` inside. */
export function maskPng(mask: Mask, on = 255): Promise<Buffer> {
  const { width, height } = mask;
  return encodePng({ width, height, bits: 8, data: mask.data.map((value) => value * on) });
}

export function imagePng(width: number, height: number, seed = 0): Promise<Buffer> {
  return encodePng({ width, height, bits: 8, data: picture(width, height, seed) });
}

/**
 * Writes a dataset of folders: `count` images of 24 × 16, each with a mask of a lung and of a heart.
 * @returns the ids of the cases
 */
export async function foldersDataset(root: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `case ${String(i).padStart(2, '0')} 胸`);
  for (const [i, id] of ids.entries()) {
    await put(join(root, 'images', `${id}.png`), await imagePng(24, 16, i));
    const lung = rectangle(24, 16, { x: 1 + (i % 5), y: 2, w: 8, h: 10 });
    const heart = rectangle(24, 16, { x: 10, y: 5, w: 4 + (i % 3), h: 6 });
    await put(join(root, 'lung', `${id}.png`), await maskPng(lung));
    await put(join(root, 'heart', `${id}.png`), await maskPng(heart, 1));
  }
  return ids;
}

/** Every file below a folder → its bytes in hex. */
export async function contents(folder: string): Promise<Map<string, string>> {
  const files = await walk(folder);
  const read = async (file: { relative: string; path: string }) =>
    [file.relative, (await readFile(file.path)).toString('hex')] as const;
  return new Map(await Promise.all(files.map(read)));
}

/** A mask as lines of `#` and `.`, so that a failed test is readable. */
export function drawn(mask: Mask): string {
  return Array.from({ length: mask.height }, (_, y) =>
    [...mask.data.subarray(y * mask.width, (y + 1) * mask.width)]
      .map((value) => (value === 1 ? '#' : '.'))
      .join(''),
  ).join('\n');
}

const BLACK_AND_WHITE = Uint8Array.of(0, 0, 0, 255, 255, 255);
const scrMasks = new Map<string, Buffer>();

/** A mask like those of SCR: a rectangle in 1024 × 1024 pixels, as a GIF. */
export function scrMask(x: number, y = 300): Buffer {
  const key = `${x},${y}`;
  const known = scrMasks.get(key);
  if (known !== undefined) return known;
  const made = encodeGif(rectangle(1024, 1024, { x, y, w: 200, h: 300 }), BLACK_AND_WHITE);
  scrMasks.set(key, made);
  return made;
}

/** Writes two JSRT originals with SCR masks, in the folders of the published archives. */
export async function jsrtDataset(root: string): Promise<void> {
  const bytes = Buffer.alloc(2048 * 2048 * 2);
  for (let i = 0; i < bytes.length; i += 2) {
    bytes[i] = (i >> 13) & 15;
    bytes[i + 1] = (i >> 5) & 255;
  }
  await put(join(root, 'All247images', 'JPCLN001.IMG'), bytes);
  bytes[1] = 1;
  await put(join(root, 'All247images', 'JPCNN002.IMG'), bytes);
  const masks = (fold: string) => join(root, 'scratch', fold, 'masks');
  await put(join(masks('fold1'), 'left lung', 'JPCLN001.gif'), scrMask(600));
  await put(join(masks('fold1'), 'right lung', 'JPCLN001.gif'), scrMask(200));
  await put(join(masks('fold1'), 'heart', 'JPCLN001.gif'), scrMask(450));
  await put(join(masks('fold1'), 'left clavicle', 'JPCLN001.gif'), scrMask(600, 100));
  await put(join(masks('fold1'), 'right clavicle', 'JPCLN001.gif'), scrMask(200, 100));
  await put(join(masks('fold2'), 'heart', 'JPCNN002.gif'), scrMask(440));
  await put(join(masks('fold2'), 'left lung', 'JPCNN002.gif'), scrMask(600));
}

/** Reads all labels of a dataset. @returns `CASE STRUCTURE` → mask */
export async function labelsOf(listing: DatasetListing): Promise<Map<string, Mask>> {
  const found = new Map<string, Mask>();
  for (const source of listing.cases) {
    const { image } = await source.readImage();
    for (const label of source.labels) {
      found.set(`${source.id} ${label.structure}`, (await label.read(image)).mask);
    }
  }
  return found;
}

/** Turns each mask into lines of text, so that a failed test is readable. */
export function rowsOfAll(masks: ReadonlyMap<string, Mask>): Map<string, string[]> {
  return new Map([...masks].map(([key, mask]) => [key, rowsOf(mask)]));
}

/** The bytes of a file with up to three faults: bytes cut off, changed, removed or doubled. */
export function anyDamage(original: Buffer): fc.Arbitrary<Buffer> {
  const change = fc.record({
    at: fc.nat(original.length - 1),
    kind: fc.constantFrom('cut', 'byte', 'drop', 'twice'),
    byte: fc.constantFrom(...Buffer.from('0-9e.[]{}",:\\ x\0ÿ')),
    length: fc.integer({ min: 1, max: 40 }),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<Buffer>((bytes, { at, kind, byte, length }) => {
      const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
      if (kind === 'cut') return Buffer.from(head);
      if (kind === 'byte') return Buffer.concat([head, Buffer.of(byte), tail.subarray(1)]);
      if (kind === 'drop') return Buffer.concat([head, tail.subarray(length)]);
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    }, original),
  );
}
