import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeInThread } from '../../../audit/codecs/thread.ts';
import { losslessFrame } from '../../../audit/codecs/jpeg-lossless.ts';
import { expectedOf } from './expected.ts';

const decode = async (bytes: Buffer) => decodeInThread('jpeg-ls', bytes, losslessFrame(bytes));

describe('JPEG-LS', async () => {
  const fixtures = await expectedOf('jpeg-ls');
  it.each(fixtures)('is read like CharLS reads it: $file', async ({ file, ...wanted }) => {
    const { shape, dtype, values } = wanted;
    const { width, height, components, data } = await decode(await readFile(file));
    expect([height, width, components]).toEqual([shape[0], shape[1], shape[2] ?? 1]);
    expect(data).toBeInstanceOf(dtype === 'uint8' ? Uint8Array : Uint16Array);
    expect([...data]).toEqual(values);
  });

  it('is refused if it ends early', async () => {
    const { file } = fixtures.find((one) => basename(one.file) === 'noise.jls')!;
    const bytes = await readFile(file);
    for (const length of [3, 20, bytes.length >> 1, bytes.length - 8]) {
      await expect(decode(bytes.subarray(0, length))).rejects.toThrow(/cut short|make no sense/);
    }
  });
});
