import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Mask } from '../../../audit/imaging/types.ts';
import { MaskFiles } from '../../../audit/store/maskfiles.ts';
import {
  decodeMaskFile,
  encodeMaskFile,
  hashMask,
  bitsOfMask,
  maskOfBits,
} from '../../../audit/store/masks.ts';

/** Random masks, of which many have a width that is no multiple of 8, or data at an unaligned offset. */
const anyMask: fc.Arbitrary<Mask> = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    offset: fc.integer({ min: 0, max: 3 }),
  })
  .chain(({ width, height, offset }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height, max: 1 })
      .map((pixels) => {
        const data = new Uint8Array(width * height + offset).subarray(offset);
        data.set(pixels);
        return { width, height, data };
      }),
  );

const sum = (mask: Mask): number => mask.data.reduce((total, value) => total + value, 0);

describe('a stored mask', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyMask, (mask) => {
        const packed = bitsOfMask(mask);
        expect(packed.area).toBe(sum(mask));
        const back = decodeMaskFile(encodeMaskFile(packed));
        expect(back.area).toBe(packed.area);
        expect(hashMask(back)).toBe(hashMask(packed));
        const unpacked = maskOfBits(back);
        expect(unpacked).toEqual({ ...mask, data: Uint8Array.from(mask.data) });
      }),
    );
  });

  it('has the bytes and the hash of the documented format', () => {
    const mask = { width: 3, height: 3, data: Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
    const packed = bitsOfMask(mask);
    expect([...packed.bits]).toEqual([0b10001000, 0b10000000]);
    const canonical = Buffer.concat([
      Buffer.from('overread-mask\n'),
      Buffer.of(3, 0, 0, 0, 3, 0, 0, 0),
      Buffer.of(0b10001000, 0b10000000),
    ]);
    expect(hashMask(packed)).toBe(createHash('sha256').update(canonical).digest('hex'));
    const file = encodeMaskFile(packed);
    const header = 'overread-mask 1 3 3\n';
    expect(file.subarray(0, header.length).toString()).toBe(header);
    expect([...inflateSync(file.subarray(header.length))]).toEqual([...packed.bits]);
  });

  it('has another hash if it has the same pixels in another shape', () => {
    const data = new Uint8Array(12);
    const hash = (width: number, height: number): string =>
      hashMask(bitsOfMask({ width, height, data }));
    expect(new Set([hash(3, 4), hash(4, 3), hash(12, 1)]).size).toBe(3);
  });

  it('refuses values other than 0 and 1, and wrong lengths', () => {
    for (let at = 0; at < 19; at++) {
      const data = new Uint8Array(19);
      data[at] = 255;
      expect(() => bitsOfMask({ width: 19, height: 1, data })).toThrow(/other than 0 and 1/);
      data[at] = 2;
      expect(() => bitsOfMask({ width: 19, height: 1, data })).toThrow(/other than 0 and 1/);
    }
    expect(() => bitsOfMask({ width: 4, height: 4, data: new Uint8Array(15) })).toThrow(
      /15 values/,
    );
    expect(() => bitsOfMask({ width: 0, height: 4, data: new Uint8Array(0) })).toThrow(/cannot/);
  });

  it('is refused when any byte of its file is changed or cut off', () => {
    const file = encodeMaskFile(
      bitsOfMask({ width: 9, height: 9, data: new Uint8Array(81).fill(1, 30) }),
    );
    const hash = hashMask(decodeMaskFile(file));
    const sound = (bytes: Buffer): boolean => {
      try {
        return hashMask(decodeMaskFile(bytes)) === hash;
      } catch {
        return false;
      }
    };
    const changed = [...file.keys()].filter((at) => {
      const copy = Buffer.from(file);
      copy[at] ^= 0x10;
      return sound(copy);
    });
    // One change is not noticed: that of the compression level in the zlib header, which affects no pixel.
    expect(changed.length).toBeLessThanOrEqual(1);
    expect([...file.keys()].filter((end) => sound(file.subarray(0, end)))).toEqual([]);
  });
});

describe('mask files', () => {
  let folder: string;
  let files: MaskFiles;
  const mask = (seed: number): Mask => ({
    width: 8,
    height: 4,
    data: new Uint8Array(32).fill(1, seed),
  });
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'overread-masks-')), 'labels');
    mkdirSync(folder);
    files = new MaskFiles(folder);
  });
  afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  const stored = (): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('mask'),
    );

  it('are stored once, in a folder named after the first two digits of the hash', async () => {
    const { saved } = await files.save([mask(1), mask(2), mask(1)]);
    expect(saved[0]).toEqual(saved[2]);
    expect(saved[1]?.area).toBe(30);
    const expected = [saved[0], saved[1]].map((item) =>
      path.join(String(item?.hash.slice(0, 2)), `${item?.hash}.mask`),
    );
    expect(stored().sort()).toEqual(expected.sort());
    expect(maskOfBits(await files.read(saved[1]?.hash ?? ''))).toEqual(mask(2));
  });

  it('are discarded with their batch if they are new, and kept if they existed before', async () => {
    await files.save([mask(1)]);
    const before = stored();
    await (await files.save([mask(1), mask(2)])).discard();
    expect(stored()).toEqual(before);
    await files.save([mask(2)]);
    expect(stored()).toHaveLength(2);
  });

  it('are written again if they are damaged', async () => {
    const { saved } = await files.save([mask(3)]);
    const file = files.fileOf(saved[0]?.hash ?? '');
    writeFileSync(file, readFileSync(file).subarray(0, 25));
    await expect(files.read(saved[0]?.hash ?? '')).rejects.toThrow(/is damaged/);
    const later = new MaskFiles(folder);
    await later.save([mask(3)]);
    expect(maskOfBits(await later.read(saved[0]?.hash ?? ''))).toEqual(mask(3));
    await expect(files.read('f'.repeat(64))).rejects.toThrow(/is missing/);
  });

  it('are all removed if one of a batch cannot be stored', async () => {
    const bad = { width: 8, height: 4, data: new Uint8Array(32).fill(7) };
    await expect(files.save([mask(1), mask(2), bad])).rejects.toThrow(/other than 0 and 1/);
    expect(stored()).toEqual([]);
  });
});
