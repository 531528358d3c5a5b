import fc from 'fast-check';
import { encode } from 'fast-png';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodePng, encodePng, pngHeader } from '../../../audit/codecs/png.ts';
import { picture } from '../datasets/fixtures.ts';

/** Made-up samples of 8 or 16 bits that differ with the seed. */
const samples = (bits: number, count: number, seed: number) =>
  bits === 16
    ? Uint16Array.from({ length: count }, (_, i) => (i * 2741 + seed) & 65535)
    : Uint8Array.from({ length: count }, (_, i) => (i * 41 + seed) & 255);

describe('PNG', () => {
  it('reads the files of an independent encoder, all channel counts, 8 and 16 bits', async () => {
    for (const depth of [8, 16] as const) {
      for (const channels of [1, 2, 3, 4]) {
        const data = samples(depth, 13 * 7 * channels, 5);
        const bytes = encode({ width: 13, height: 7, channels, depth, data });
        const raster = await decodePng(Buffer.from(bytes));
        expect(raster).toMatchObject({ width: 13, height: 7, bits: depth, channels });
        expect(raster.data).toEqual(data);
      }
    }
  });

  it('reads an interlaced file like a plain one', async () => {
    for (const [width, height] of [
      [13, 9],
      [1, 1],
      [3, 17],
    ]) {
      const data = picture(width, height);
      const image = { width, height, channels: 1, depth: 8, data } as const;
      const raster = await decodePng(Buffer.from(encode(image, { interlace: 'Adam7' })));
      expect(raster.data).toEqual(data);
    }
  });

  it('unpacks 1, 2 and 4 bits per pixel, with each row starting at a new byte', async () => {
    for (const bits of [1, 2, 4]) {
      const width = 11;
      const values = Uint8Array.from({ length: width * 3 }, (_, i) => (i * 5) % 2 ** bits);
      const raster = await decodePng(packedPng(width, 3, bits, values));
      expect(raster).toMatchObject({ width, height: 3, bits });
      expect(raster.data).toEqual(values);
    }
  });

  it('survives encoding and decoding of any plane', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(8 as const, 16 as const),
        fc.integer(),
        async (width, height, bits, seed) => {
          const data = samples(bits, width * height, seed);
          const raster = await decodePng(await encodePng({ width, height, bits, data }));
          expect(raster.data).toEqual(data);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps palette indices and the palette', async () => {
    const data = Uint8Array.of(0, 1, 2, 1);
    const palette = Uint8Array.of(0, 0, 0, 128, 0, 0, 0, 128, 0);
    const raster = await decodePng(
      await encodePng({ width: 2, height: 2, bits: 8, data, palette }),
    );
    expect(raster.data).toEqual(data);
    expect(raster.palette).toEqual(palette);
  });

  it('refuses a file cut anywhere', async () => {
    const whole = await encodePng({ width: 30, height: 30, bits: 8, data: picture(30, 30) });
    for (const length of [10, 32, 60, whole.length - 20, whole.length - 1]) {
      await expect(decodePng(whole.subarray(0, length))).rejects.toThrow(/cut short/);
    }
  });

  it('refuses 50,000 pixels across by its header', async () => {
    const whole = await encodePng({ width: 8, height: 8, bits: 8, data: picture(8, 8) });
    whole.writeUInt32BE(50_000, 16);
    expect(() => pngHeader(whole)).toThrow(/50000 × 8 pixels/);
    await expect(decodePng(whole)).rejects.toThrow(/50000 × 8 pixels/);
  });

  it('refuses a file that unpacks to more than its header states', async () => {
    const honest = await encodePng({ width: 8, height: 8, bits: 8, data: new Uint8Array(64) });
    const bomb = Buffer.concat([
      honest.subarray(0, 33),
      chunk('IDAT', deflateSync(Buffer.alloc(10_000_000))),
      chunk('IEND', Buffer.alloc(0)),
    ]);
    await expect(decodePng(bomb)).rejects.toThrow(/broken PNG/);
  });
});

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body, Buffer.alloc(4)]);
}

/** An unfiltered grey PNG of fewer than 8 bits per pixel. */
function packedPng(width: number, height: number, bits: number, values: Uint8Array): Buffer {
  const stride = Math.ceil((width * bits) / 8);
  const raw = Buffer.alloc((stride + 1) * height);
  values.forEach((value, i) => {
    const bit = (i % width) * bits;
    const at = Math.floor(i / width) * (stride + 1) + 1 + (bit >> 3);
    raw[at] |= value << (8 - bits - (bit & 7));
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(raw)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
