import fc from 'fast-check';
import jpeg from 'jpeg-js';
import { GifWriter } from 'omggif';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeGif, encodeGif } from '../../../audit/codecs/gif.ts';
import { decodeJpeg } from '../../../audit/codecs/jpeg.ts';
import { decodeJsrt } from '../../../audit/codecs/jsrt-raw.ts';
import { decodeTiff, encodeTiff } from '../../../audit/codecs/tiff/tiff.ts';
import { picture } from '../datasets/fixtures.ts';

const GREYS = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

describe('GIF', () => {
  it('survives encoding and decoding, for runs and for noise', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 255 }),
        (width, height, run, most) => {
          const data = Uint8Array.from(
            { length: width * height },
            (_, i) => (Math.floor(i / run) * 97 + ((i * i) % 13)) % (most + 1),
          );
          const raster = decodeGif(encodeGif({ width, height, data }, GREYS));
          expect(Buffer.compare(raster.data as Uint8Array, data)).toBe(0);
          expect(raster.palette).toEqual(GREYS);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is decoded also after its code table is full', () => {
    const data = Uint8Array.from({ length: 300 * 300 }, (_, i) => (i * 7919 + i * i) & 255);
    const raster = decodeGif(encodeGif({ width: 300, height: 300, data }, GREYS));
    expect(Buffer.compare(raster.data as Uint8Array, data)).toBe(0);
  });

  it('refuses animations and files cut short', () => {
    const data = picture(20, 20);
    const whole = encodeGif({ width: 20, height: 20, data }, GREYS);
    for (const length of [5, 12, 400, whole.length - 30]) {
      expect(() => decodeGif(whole.subarray(0, length))).toThrow(/cut/);
    }
    const buffer = Buffer.alloc(4096);
    const writer = new GifWriter(buffer, 4, 4, { palette: [0, 0xffffff] });
    writer.addFrame(0, 0, 4, 4, new Array<number>(16).fill(1));
    writer.addFrame(0, 0, 4, 4, new Array<number>(16).fill(0));
    expect(() => decodeGif(buffer.subarray(0, writer.end()))).toThrow(/animation/);
  });
});

describe('JPEG', () => {
  const rgba = (grey: Uint8Array) =>
    Buffer.from(grey.reduce<number[]>((all, v) => [...all, v, v, v, 255], []));

  it('decodes close to what was encoded', async () => {
    const smooth = Uint8Array.from(
      { length: 32 * 24 },
      (_, i) => (i % 32) * 4 + Math.floor(i / 32),
    );
    const bytes = jpeg.encode({ width: 32, height: 24, data: rgba(smooth) }, 95).data;
    const raster = await decodeJpeg(bytes);
    expect(raster).toMatchObject({ width: 32, height: 24, bits: 8, channels: 3 });
    smooth.forEach((value, i) => expect(Math.abs(raster.data[i * 3] - value)).toBeLessThan(12));
  });

  it('allocates no memory for a small file with a large size in its header', async () => {
    const bytes = jpeg.encode({ width: 32, height: 24, data: rgba(picture(32, 24)) }, 90).data;
    const claims = Buffer.from(bytes);
    const frame = claims.indexOf(Buffer.of(0xff, 0xc0));
    claims.writeUInt16BE(14_000, frame + 5);
    claims.writeUInt16BE(14_000, frame + 7);
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeJpeg(claims)).rejects.toThrow(/cut short/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });

  it('is decoded as RGB or colour differences as the caller says, if the file names neither', async () => {
    const grey = Uint8Array.from({ length: 64 }, () => 200);
    const said = jpeg.encode({ width: 8, height: 8, data: rgba(grey) }, 95).data;
    const jfif = said.readUInt16BE(4);
    expect(said.toString('latin1', 6, 10)).toBe('JFIF');
    const unsaid = Buffer.concat([said.subarray(0, 2), said.subarray(4 + jfif)]);
    const first = async (bytes: Buffer, differences: boolean) => [
      ...(await decodeJpeg(bytes, differences)).data.subarray(0, 3),
    ];
    expect(await first(said, true)).toEqual([200, 200, 200]);
    expect(await first(said, false)).toEqual([200, 200, 200]);
    expect(await first(unsaid, true)).toEqual([200, 200, 200]);
    // The file holds a brightness of 200 and two neutral colour differences of 128, here read as RGB.
    expect(await first(unsaid, false)).toEqual([200, 128, 128]);
    const adobe = Buffer.from('ffee000e41646f626500640000000001', 'hex');
    const says = Buffer.concat([unsaid.subarray(0, 2), adobe, unsaid.subarray(2)]);
    expect(await first(says, false)).toEqual([200, 200, 200]);
  });

  it('with an unusual colour sampling is refused as not supported, not as broken', async () => {
    const bytes = Buffer.from(
      jpeg.encode({ width: 32, height: 24, data: rgba(picture(32, 24)) }, 90).data,
    );
    bytes[bytes.indexOf(Buffer.of(0xff, 0xc0)) + 11] = 0x42;
    await expect(decodeJpeg(bytes)).rejects.toThrow(
      /an unusual colour sampling, which is not read/,
    );
  });

  it('refuses files cut short, too wide, or of 12 bits', async () => {
    const bytes = jpeg.encode({ width: 32, height: 24, data: rgba(picture(32, 24)) }, 90).data;
    for (const length of [4, 100, bytes.length >> 1, bytes.length - 2]) {
      await expect(decodeJpeg(bytes.subarray(0, length))).rejects.toThrow(/cut short/);
    }
    const frame = bytes.indexOf(Buffer.of(0xff, 0xc0));
    const wide = Buffer.from(bytes);
    wide.writeUInt16BE(50_000, frame + 7);
    await expect(decodeJpeg(wide)).rejects.toThrow(/50000 × 24 pixels/);
    const deep = Buffer.from(bytes);
    deep[frame + 4] = 12;
    await expect(decodeJpeg(deep)).rejects.toThrow(/12-bit JPEG/);
  });
});

interface TiffParts {
  width: number;
  height: number;
  bits: number;
  compression?: number;
  sampleFormat?: number;
  photometric?: number;
  samples?: number;
  description?: string;
  strips: Buffer[];
  rowsPerStrip: number;
  pages?: number;
}

/** A big-endian TIFF with the given strips, and `pages` copies of its directory. */
function tiff(parts: TiffParts): Buffer {
  const chunks: Buffer[] = [Buffer.from('MM\0*\0\0\0\0', 'latin1')];
  let at = 8;
  const add = (bytes: Buffer) => {
    const start = at;
    const padded = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
    chunks.push(padded);
    at += padded.length;
    return start;
  };
  const longs = (values: number[]) => {
    const b = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => b.writeUInt32BE(value, i * 4));
    return b;
  };
  const offsets = parts.strips.map(add);
  const counts = parts.strips.map((strip) => strip.length);
  const text = parts.description === undefined ? null : Buffer.from(`${parts.description}\0`);
  const many = offsets.length > 1;
  const offsetsAt = many ? add(longs(offsets)) : offsets[0];
  const countsAt = many ? add(longs(counts)) : counts[0];
  const entries: [number, number, number, number][] = [
    [256, 4, 1, parts.width],
    [257, 4, 1, parts.height],
    [258, 4, 1, parts.bits],
    [259, 4, 1, parts.compression ?? 1],
    [262, 4, 1, parts.photometric ?? 1],
    ...(text ? [[270, 2, text.length, add(text)] as [number, number, number, number]] : []),
    [273, 4, offsets.length, offsetsAt],
    [277, 4, 1, parts.samples ?? 1],
    [278, 4, 1, parts.rowsPerStrip],
    [279, 4, counts.length, countsAt],
    [339, 4, 1, parts.sampleFormat ?? 1],
  ];
  const pages = parts.pages ?? 1;
  chunks[0].writeUInt32BE(at, 4);
  for (let page = 0; page < pages; page += 1) {
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16BE(entries.length, 0);
    entries.forEach(([tag, type, count, value], i) => {
      directory.writeUInt16BE(tag, 2 + i * 12);
      directory.writeUInt16BE(type, 4 + i * 12);
      directory.writeUInt32BE(count, 6 + i * 12);
      directory.writeUInt32BE(value, 10 + i * 12);
    });
    if (page + 1 < pages) directory.writeUInt32BE(at + directory.length, directory.length - 4);
    add(directory);
  }
  return Buffer.concat(chunks);
}

describe('TIFF', () => {
  const data = picture(9, 6);
  const rows = (from: number, to: number) => Buffer.from(data.subarray(from * 9, to * 9));
  const base = { width: 9, height: 6, bits: 8, rowsPerStrip: 4 };

  it('reads strips uncompressed, deflated and in PackBits', async () => {
    const strips = [rows(0, 4), rows(4, 6)];
    expect((await decodeTiff(tiff({ ...base, strips }))).data).toEqual(data);
    const deflated = strips.map((strip) => deflateSync(strip));
    expect((await decodeTiff(tiff({ ...base, strips: deflated, compression: 8 }))).data).toEqual(
      data,
    );
    // PackBits: each row is one run of literal bytes, followed by a no-operation byte.
    const packed = strips.map((strip) =>
      Buffer.concat(
        Array.from({ length: strip.length / 9 }, (_, i) =>
          Buffer.concat([Buffer.of(8), strip.subarray(i * 9, i * 9 + 9), Buffer.of(0x80)]),
        ),
      ),
    );
    const bits = tiff({ ...base, strips: packed, compression: 32773 });
    expect((await decodeTiff(bits)).data).toEqual(data);
    const runs = tiff({
      ...base,
      strips: [Buffer.of(-35 & 255, 7), Buffer.of(-17 & 255, 9)],
      compression: 32773,
    });
    expect([...(await decodeTiff(runs)).data]).toEqual([
      ...Array<number>(36).fill(7),
      ...Array<number>(18).fill(9),
    ]);
  });

  it('inverts a file in which white is zero', async () => {
    const bytes = tiff({ ...base, rowsPerStrip: 6, strips: [rows(0, 6)], photometric: 0 });
    expect((await decodeTiff(bytes)).data).toEqual(data.map((value) => 255 - value));
  });

  it('survives encoding and decoding, 8 and 16 bits, with and without a palette', async () => {
    const deep = Uint16Array.from({ length: 54 }, (_, i) => i * 1201);
    const plane = { width: 9, height: 6 };
    expect((await decodeTiff(encodeTiff({ ...plane, bits: 8, data }))).data).toEqual(data);
    expect((await decodeTiff(encodeTiff({ ...plane, bits: 16, data: deep }))).data).toEqual(deep);
    const coloured = await decodeTiff(encodeTiff({ ...plane, bits: 8, data, palette: GREYS }));
    expect(coloured.data).toEqual(data);
    expect(coloured.palette).toEqual(GREYS);
  });

  it('refuses volumes, in pages or in ImageJ stacks', async () => {
    const strips = [rows(0, 4), rows(4, 6)];
    await expect(decodeTiff(tiff({ ...base, strips, pages: 2 }))).rejects.toThrow(/volume/);
    const stack = tiff({ ...base, strips, description: 'ImageJ=1.53\nimages=40\n' });
    await expect(decodeTiff(stack)).rejects.toThrow(/volume/);
  });

  it('refuses unusual bit depths and missing rows', async () => {
    const strips = [rows(0, 4), rows(4, 6)];
    await expect(decodeTiff(tiff({ ...base, strips, bits: 12 }))).rejects.toThrow(/12 bits/);
    await expect(decodeTiff(tiff({ ...base, strips, compression: 7 }))).rejects.toThrow(
      'is a TIFF of a kind that cannot be read (JPEG-compressed): save it as PNG or as an uncompressed 8- or 16-bit TIFF.',
    );
    await expect(decodeTiff(tiff({ ...base, strips, sampleFormat: 3 }))).rejects.toThrow(
      /cannot be read \(floating-point numbers, 8 bits per sample\)/,
    );
    await expect(decodeTiff(tiff({ ...base, strips: [rows(0, 4)] }))).rejects.toThrow(/missing/);
    const wide = tiff({ ...base, strips, width: 50_000 });
    await expect(decodeTiff(wide)).rejects.toThrow(/50000 × 6 pixels/);
  });
});

describe('JSRT originals', () => {
  it('are inverted from optical density: 0 is white, 4095 black', () => {
    const bytes = Buffer.alloc(2048 * 2048 * 2);
    bytes.writeUInt16BE(0, 0);
    bytes.writeUInt16BE(4095, 2);
    bytes.writeUInt16BE(256, 4);
    const raster = decodeJsrt(bytes);
    expect(raster).toMatchObject({ width: 2048, height: 2048, bits: 12, spacing: [0.175, 0.175] });
    expect([...raster.data.subarray(0, 3)]).toEqual([4095, 0, 3839]);
  });

  it('are refused if a value does not fit into 12 bits', () => {
    const bytes = Buffer.alloc(2048 * 2048 * 2);
    bytes.writeUInt16BE(4096, 100);
    expect(() => decodeJsrt(bytes)).toThrow(/above 4095/);
  });
});
