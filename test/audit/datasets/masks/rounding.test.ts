/** Masks of floating-point numbers that are whole but for rounding. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import { drawn, imagePng, put, rectangle, temporaryFolder } from '../fixtures.ts';

const MASK = rectangle(24, 16, { x: 2, y: 3, w: 9, h: 8 });

/** A NIfTI-1 file of 32-bit real numbers. */
function nifti(data: Float32Array): Buffer {
  const bytes = Buffer.alloc(352 + 4 * data.length);
  bytes.writeInt32LE(348, 0);
  [2, 24, 16, 1, 1, 1, 1, 1].forEach((size, i) => bytes.writeInt16LE(size, 40 + 2 * i));
  bytes.writeInt16LE(16, 70);
  bytes.writeInt16LE(32, 72);
  [1, 1, 1, 1].forEach((size, i) => bytes.writeFloatLE(size, 76 + 4 * i));
  bytes.writeFloatLE(352, 108);
  bytes.write('n+1\0', 344, 'latin1');
  data.forEach((value, i) => bytes.writeFloatLE(value, 352 + 4 * i));
  return bytes;
}

async function read(inside: number, outside: number): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await put(join(root, 'images', 'x.png'), await imagePng(24, 16));
  const data = Float32Array.from(MASK.data, (on) => (on === 1 ? inside : outside));
  await put(join(root, 'lung', 'x.nii'), nifti(data));
  const [label] = (await openDataset(root)).cases[0].labels;
  return drawn((await label.read({ width: 24, height: 16 })).mask);
}

it.each([
  [1.00000006, 0],
  [0.9999999, 1e-7],
  [255.00002, -1e-7],
])('%d inside and %d outside are no fractions', async (inside, outside) => {
  expect(await read(inside, outside)).toBe(drawn(MASK));
});

it.each([0.5, 0.999])('%d is a fraction, and the sentence names it', async (value) => {
  await expect(read(value, 0)).rejects.toThrow(
    `holds fractions such as ${value}, which a mask may not: round them.`,
  );
});
