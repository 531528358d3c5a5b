import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHeader, readImageFile, readRaster } from '../../../audit/codecs/index.ts';
import { binaryMask } from '../../../audit/datasets/masks/masks.ts';
import { FIXTURES, expectedOf } from './expected.ts';

const channelsOf = (shape: readonly number[]) => shape[2] ?? 1;

/** The message of the error with which a file is refused. */
async function refusal(file: string): Promise<string> {
  const error = await readRaster(file).catch((thrown: unknown) => thrown);
  return (error as Error).message;
}

describe.each(['tiff', 'png', 'gif', 'bmp', 'nifti'])('%s files of other tools', (folder) => {
  it('give the same numbers as in those tools', async () => {
    for (const { file, shape, values, refused } of await expectedOf(folder)) {
      if (refused !== undefined) {
        expect(await refusal(file)).toContain(refused);
        continue;
      }
      const { raster } = await readRaster(file);
      const { width, height, channels } = raster;
      expect([basename(file), height, width, channels]).toEqual([
        basename(file),
        shape[0],
        shape[1],
        channelsOf(shape),
      ]);
      expect([basename(file), ...raster.data]).toEqual([basename(file), ...values]);
      expect(await readHeader(file)).toMatchObject({ width, height, channels });
    }
  });
});

describe('JPEG files of Pillow', () => {
  it('are turned upright by their orientation tag', async () => {
    for (const { file, shape, values, refused } of await expectedOf('jpeg')) {
      if (refused !== undefined) {
        expect(await refusal(file)).toContain(refused);
        continue;
      }
      const { raster, notes } = await readRaster(file);
      expect([basename(file), raster.height, raster.width]).toEqual([
        basename(file),
        shape[0],
        shape[1],
      ]);
      expect(await readHeader(file)).toMatchObject({ width: shape[1], height: shape[0] });
      expect([basename(file), ...raster.data]).toEqual([basename(file), ...values]);
      const isTurned = /turned-[2-8]/.test(file);
      expect(notes).toEqual(
        isTurned
          ? ['is stored turned or mirrored: shown upright, as its orientation tag says.']
          : [],
      );
    }
  });
});

describe('NIfTI', () => {
  it('states the size of a pixel in millimetres, columns first', async () => {
    for (const { file, zooms } of await expectedOf('nifti')) {
      if (zooms === undefined) continue;
      const { spacing } = (await readRaster(file)).raster;
      const scale = file.includes('micron') ? 0.001 : 1;
      expect(spacing?.[0]).toBeCloseTo(zooms[0] * scale, 5);
      expect(spacing?.[1]).toBeCloseTo(zooms[1] * scale, 5);
    }
  });

  it('is scaled if it has fractions and shifted if it has negative numbers, with a note', async () => {
    const read = async (name: string) => {
      const { image, notes } = await readImageFile(join(FIXTURES, 'nifti', name));
      return { low: Math.min(...image.data), high: Math.max(...image.data), notes };
    };
    expect(await read('float32-fractions.nii.gz')).toEqual({
      low: 0,
      high: 65535,
      notes: ['has floating-point pixels, which were scaled to 16 bits.'],
    });
    expect(await read('int16.nii')).toMatchObject({
      low: 0,
      notes: ['has negative pixels: all were shifted, so that the smallest is 0.'],
    });
    expect(await read('float64.nii')).toMatchObject({
      notes: ['has whole numbers in floating point: taken as they are.'],
    });
    expect((await read('uint8.nii')).notes).toEqual([]);
  });
});

describe('masks of other tools', () => {
  it('are read from the alpha channel if only the alpha varies', async () => {
    const file = join(FIXTURES, 'png', 'alpha-mask.png');
    const { raster } = await readRaster(file);
    const { mask, note } = binaryMask(raster);
    const alpha = raster.data.filter((_, i) => i % 4 === 3);
    expect([...mask.data]).toEqual([...alpha].map((value) => (value === 255 ? 1 : 0)));
    expect(note).toBe('has one colour and its shape in the alpha channel: taken from there.');
  });

  it('with soft edges are cut at half, with a note on the number of pixels in between', async () => {
    const { raster } = await readRaster(join(FIXTURES, 'png', 'soft-mask.png'));
    const between = raster.data.filter((value) => value > 0 && value < 255).length;
    const { mask, note } = binaryMask(raster);
    expect([...mask.data]).toEqual([...raster.data].map((value) => (value >= 128 ? 1 : 0)));
    expect(note).toBe(
      `has ${between} pixels between inside and outside: cut at half of the maximum.`,
    );
  });
});
