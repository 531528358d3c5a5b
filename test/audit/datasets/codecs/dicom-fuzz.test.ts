import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeSegmentation } from '../../../../audit/datasets/codecs/dicom-seg.ts';
import { decodeDicom, dicomHeader } from '../../../../audit/datasets/codecs/dicom.ts';
import { CodecError } from '../../../../audit/datasets/codecs/raster.ts';
import { random } from '../../../../models/random.ts';
import type { Random } from '../../../../models/random.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/dicom', import.meta.url));
const ROUNDS = 120;
/** Of those whose decoder must be loaded anew after each failure. */
const SLOW_ROUNDS = 12;
const isSlow = (name: string): boolean => /jpeg-(ls|2000)/.test(name);

/** A few bytes changed, filled, cut off, taken out or doubled. */
function damaged(source: Buffer, numbers: Random): Buffer {
  const bytes = Buffer.from(source);
  // The preamble holds nothing.
  const at = 128 + numbers.integer(bytes.length - 128);
  const length = 1 + numbers.integer(16);
  switch (numbers.integer(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 3:
      return bytes.fill(numbers.integer(2) * 255, at, Math.min(bytes.length, at + 4));
    default:
      for (let i = 0; i < 3; i += 1)
        bytes[128 + numbers.integer(bytes.length - 128)] = numbers.integer(256);
      return bytes;
  }
}

/** What became of a damaged file: read, or refused in a sentence; anything else is a defect. */
async function outcome(bytes: Buffer, isLabels: boolean): Promise<'read' | 'refused'> {
  try {
    if (isLabels) {
      const { masks, width, height } = decodeSegmentation(bytes);
      for (const mask of masks.values()) expect((await mask()).data).toHaveLength(width * height);
    } else {
      dicomHeader(bytes, true);
      const { data, width, height, channels } = await decodeDicom(bytes);
      expect(data).toHaveLength(width * height * channels);
    }
    return 'read';
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    expect(error.message).toMatch(/^[a-z].*[.]$/s);
    return 'refused';
  }
}

describe('a damaged DICOM file', async () => {
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.dcm'));
  for (const name of names) {
    it(`is read, or refused in one sentence: ${name}`, async () => {
      const source = await readFile(join(FIXTURES, name));
      const numbers = random('damage', name);
      for (let round = 0; round < (isSlow(name) ? SLOW_ROUNDS : ROUNDS); round += 1) {
        await outcome(damaged(source, numbers), name.includes('seg-'));
      }
    });
  }
});
