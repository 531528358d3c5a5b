import { readFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readHeader, readImageFile } from '../../../audit/codecs/index.ts';
import { temporaryFolder } from '../datasets/fixtures.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/dicom', import.meta.url));

interface Expected {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly spacing: readonly [number, number] | null;
  readonly windows: readonly { name: string; low: number; high: number }[] | null;
  /** The largest allowed difference of a sample: 0, or more for lossy compression. */
  readonly within: number;
  /** The expected number of notes. */
  readonly notes: number;
}

/** Name of a fixture → the values that pydicom read from it (see `make.py` beside the files). */
const expected = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')) as Record<
  string,
  Expected
>;

const dicom = (name: string): string => join(FIXTURES, `${name}.dcm`);

async function samplesOf(name: string): Promise<number[]> {
  const bytes = await readFile(join(FIXTURES, `${name}.bin`));
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(i * 2));
}

describe('a DICOM radiograph', () => {
  for (const [name, wanted] of Object.entries(expected)) {
    it(`is read like pydicom reads it: ${name}`, async () => {
      const { image, notes } = await readImageFile(dicom(name));
      const { width, height, bits } = image;
      expect({ width, height, bits }).toEqual({
        width: wanted.width,
        height: wanted.height,
        bits: wanted.bits,
      });
      expect(image.data).toBeInstanceOf(bits > 8 ? Uint16Array : Uint8Array);
      const samples = await samplesOf(name);
      if (wanted.within === 0) expect([...image.data]).toEqual(samples);
      const off = samples.map((sample, i) => Math.abs(sample - image.data[i]));
      expect(Math.max(...off)).toBeLessThanOrEqual(wanted.within);
      expect(image.spacing ?? null).toEqual(wanted.spacing);
      expect(image.windows ?? null).toEqual(wanted.windows);
      expect(notes).toHaveLength(wanted.notes);
      expect(await readHeader(dicom(name))).toMatchObject({ format: 'dicom', width, height });
    });
  }

  it('needs no extension, because it is recognised by its content', async () => {
    const folder = await temporaryFolder();
    const bare = join(folder, 'IM000001');
    await copyFile(dicom('explicit-little'), bare);
    expect((await readImageFile(bare)).notes).toEqual([]);
    const wrong = join(folder, 'a.png');
    await copyFile(dicom('explicit-little'), wrong);
    expect((await readImageFile(wrong)).notes).toEqual([
      'is a DICOM file named .png: read by its content.',
    ]);
  });

  it('is refused in one sentence if it is not a single grey picture', async () => {
    const refusals = {
      'refused-frames': /holds 2 frames: only single radiographs are read\.$/,
      'refused-palette': /of a kind that is not read \(PALETTE COLOR\): save it as grey\.$/,
      'refused-video': /transfer syntax 1\.2\.840\.10008\.1\.2\.4\.100\): save it uncompressed\.$/,
      'seg-binary': /is a DICOM-SEG, which holds labels: import it together with its images\.$/,
    };
    for (const [name, sentence] of Object.entries(refusals)) {
      await expect(readImageFile(dicom(name))).rejects.toThrow(sentence);
      await expect(readHeader(dicom(name))).rejects.toThrow(sentence);
    }
  });
});
