/** Small files made by code, in temporary folders that vanish after each test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { encodePng } from '../../../audit/datasets/codecs/png.ts';
import type { Mask } from '../../../audit/imaging/types.ts';

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A new folder; its name has a space, a quote and letters that are not Latin. */
export async function temporaryFolder(): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), 'overread-datasets-'));
  made.push(outer);
  const folder = join(outer, "d'été 胸部 X-ray");
  await mkdir(folder);
  return folder;
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

/** A mask as the PNG that datasets usually hold. */
export function maskPng(mask: Mask, on = 255): Promise<Buffer> {
  const { width, height } = mask;
  return encodePng({ width, height, bits: 8, data: mask.data.map((value) => value * on) });
}

export function imagePng(width: number, height: number, seed = 0): Promise<Buffer> {
  return encodePng({ width, height, bits: 8, data: picture(width, height, seed) });
}
