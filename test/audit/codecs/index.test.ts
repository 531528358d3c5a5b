import { createHash } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { UnreadableFile, readHeader, readImageFile } from '../../../audit/codecs/index.ts';
import { encodeTiff } from '../../../audit/codecs/tiff/tiff.ts';
import { imagePng, picture, put, temporaryFolder } from '../datasets/fixtures.ts';

/** A TIFF of 32-bit floating-point pixels, made by changing the header of a 16-bit TIFF. */
function floatTiff(values: number[]): Buffer {
  const data = new Uint16Array(new Float32Array(values).buffer);
  const file = encodeTiff({ width: data.length, height: 1, bits: 16, data });
  const directory = file.readUInt32LE(4);
  const entries = file.readUInt16LE(directory);
  for (let i = 0; i < entries; i += 1) {
    const at = directory + 2 + i * 12;
    if (file.readUInt16LE(at) === 256) file.writeUInt32LE(values.length, at + 8);
    if (file.readUInt16LE(at) === 258) file.writeUInt16LE(32, at + 8);
    // Replaces the entry for samples per pixel, whose default is 1, by an entry for the sample format.
    if (file.readUInt16LE(at) === 277) {
      file.writeUInt16LE(339, at);
      file.writeUInt16LE(3, at + 8);
    }
  }
  return file;
}

describe('image files', () => {
  it('reads an image, its hash and its header from any path', async () => {
    const folder = await temporaryFolder();
    const bytes = await imagePng(20, 10);
    const file = await put(join(folder, 'a "b".png'), bytes);
    const { image, hash, notes } = await readImageFile(file);
    expect(image).toEqual({ width: 20, height: 10, bits: 8, data: picture(20, 10) });
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(notes).toEqual([]);
    expect(await readHeader(file)).toMatchObject({ width: 20, height: 10, bits: 8, format: 'png' });
  });

  it('reads PNG bytes in a file named .jpg, with a note', async () => {
    const folder = await temporaryFolder();
    const file = await put(join(folder, 'a.jpg'), await imagePng(4, 4));
    expect((await readImageFile(file)).notes).toEqual([
      'is a PNG file named .jpg: read by its content.',
    ]);
  });

  it('converts colour to grey by luma, with a note', async () => {
    const folder = await temporaryFolder();
    const data = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9);
    const bytes = encode({ width: 2, height: 2, channels: 3, depth: 8, data });
    const { image, notes } = await readImageFile(await put(join(folder, 'a.png'), bytes));
    expect([...image.data]).toEqual([76, 150, 29, 9]);
    expect(notes).toEqual(['is in colour: converted to grey by luma.']);
  });

  it('scales floating point to 16 bits and refuses NaN', async () => {
    const folder = await temporaryFolder();
    const good = await put(join(folder, 'good.tif'), floatTiff([-1, 0, 1]));
    expect([...(await readImageFile(good)).image.data]).toEqual([0, 32768, 65535]);
    const bad = await put(join(folder, 'bad.tif'), floatTiff([0, NaN, 1]));
    await expect(readImageFile(bad)).rejects.toThrow(/not numbers \(NaN/);
  });

  it('refuses a file that is not an image in one sentence with its name', async () => {
    const folder = await temporaryFolder();
    const cases: [string, Uint8Array | string, RegExp][] = [
      ['zero.png', '', /is empty \(zero bytes\): copy it again\.$/],
      ['text.png', 'this is a text', /is not a PNG, JPEG, TIFF, GIF, BMP, DICOM or NIfTI image/],
      ['cut.png', (await imagePng(50, 50)).subarray(0, 90), /is cut short/],
      ['scan.dcm', Buffer.alloc(300), /is not a DICOM file/],
      ['small.IMG', Buffer.alloc(300), /it has 300 bytes, 8388608/],
      ['short.tif', Buffer.from('II*\0', 'latin1'), /is cut short/],
      ['short.gif', Buffer.from('GIF89a', 'latin1'), /is cut short/],
      ['short.jpg', Buffer.of(0xff, 0xd8, 0xff, 0xe0), /is cut short/],
      [
        'noise.tif',
        Buffer.from('II*\0\x08\0\0\0\xff\xff' + 'x'.repeat(90), 'latin1'),
        /cut|broken/,
      ],
    ];
    for (const [name, bytes, message] of cases) {
      const file = await put(join(folder, name), bytes);
      const error = await readImageFile(file).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnreadableFile);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message.startsWith(file)).toBe(true);
    }
    await mkdir(join(folder, 'folder.png'));
    await expect(readImageFile(join(folder, 'folder.png'))).rejects.toThrow(/is a folder/);
    await expect(readImageFile(join(folder, 'gone.png'))).rejects.toThrow(/not there any more/);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says that a file may not be read (not as root, who may read everything)',
    async () => {
      const folder = await temporaryFolder();
      const file = await put(join(folder, 'secret.png'), await imagePng(4, 4));
      await chmod(file, 0);
      await expect(readImageFile(file)).rejects.toThrow(/may not be read/);
    },
  );

  it('returns a picture or throws an UnreadableFile, whatever the damage', async () => {
    const folder = await temporaryFolder();
    const sources = [
      await imagePng(24, 24),
      encodeTiff({ width: 24, height: 24, bits: 8, data: picture(24, 24) }),
    ];
    for (const source of sources) {
      for (let i = 0; i < 120; i += 1) {
        const bytes = Buffer.from(source);
        for (let k = 0; k < 3; k += 1) {
          const at = (i * 131 + k * 977) % bytes.length;
          bytes[at] = (bytes[at] + 1 + i * 29 + k * 7) & 255;
        }
        const file = await put(join(folder, 'a.png'), bytes);
        const error = await readImageFile(file).catch((thrown: unknown) => thrown);
        if (error instanceof Error) expect(error).toBeInstanceOf(UnreadableFile);
      }
    }
  });
});
