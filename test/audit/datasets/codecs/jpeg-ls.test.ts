import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeJpegLs } from '../../../../audit/datasets/codecs/jpeg-ls.ts';
import { FIXTURES, expectedOf } from './expected.ts';

const fixture = async (name: string) =>
  (await expectedOf('jpeg-ls')).find(({ file }) => basename(file) === name)!;

describe('JPEG-LS', async () => {
  it.each(await expectedOf('jpeg-ls'))('is read as CharLS reads it: $file', async (wanted) => {
    const { shape, dtype, values } = wanted;
    const { width, height, components, data } = decodeJpegLs(await readFile(wanted.file));
    expect([height, width, components]).toEqual([shape[0], shape[1], shape[2] ?? 1]);
    expect(data).toBeInstanceOf(dtype === 'uint8' ? Uint8Array : Uint16Array);
    expect([...data]).toEqual(values);
  });

  it('is cut short wherever it ends early', async () => {
    const bytes = await readFile((await fixture('noise.jls')).file);
    for (const length of [3, 20, bytes.length >> 1, bytes.length - 8]) {
      expect(() => decodeJpegLs(bytes.subarray(0, length))).toThrow(/cut short|make no sense/);
    }
  });

  it('that makes no sense is given up at once: CharLS went on for a minute', async () => {
    const file = await readFile(join(FIXTURES, 'dicom', 'jpeg-ls-near.dcm'));
    const bytes = Buffer.from(file.subarray(file.indexOf(Buffer.of(0xff, 0xd8))));
    bytes.fill(0x80, 200);
    const startedAt = performance.now();
    expect(() => decodeJpegLs(bytes)).toThrow(/make no sense|cut short/);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
