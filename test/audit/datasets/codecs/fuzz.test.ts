import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UnreadableFile, readImageFile } from '../../../../audit/datasets/codecs/index.ts';
import { temporaryFolder } from '../fixtures.ts';
import { expectedOf } from './expected.ts';

const MUTATIONS = 12;
/** Numbers that headers are often broken by. */
const NASTY = [0, 1, 0x7f, 0x80, 0xff];

/** A small generator, so that a failure comes back. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The file cut short, or with a few bytes changed, mostly in its header or its end. */
function broken(bytes: Buffer, next: (below: number) => number): Buffer {
  if (next(4) === 0) return bytes.subarray(0, next(bytes.length));
  const copy = Buffer.from(bytes);
  for (let changes = 1 + next(4); changes > 0; changes -= 1) {
    const where = next(3);
    const span = Math.min(copy.length, 400);
    const at =
      where === 0 ? next(copy.length) : where === 1 ? next(span) : copy.length - 1 - next(span);
    copy[at] = next(2) === 0 ? next(256) : NASTY[next(NASTY.length)];
  }
  return copy;
}

describe.each(['tiff', 'png', 'jpeg', 'nifti'])('broken %s files', (folder) => {
  it('are read, or refused in one sentence', async () => {
    const place = await temporaryFolder();
    for (const [index, { file }] of (await expectedOf(folder)).entries()) {
      const whole = await readFile(file);
      const next = generator(index + 1);
      const path = join(place, basename(file));
      for (let round = 0; round < MUTATIONS; round += 1) {
        await writeFile(path, broken(whole, next));
        const read = await readImageFile(path).catch((error: unknown) => error);
        if (read instanceof UnreadableFile) {
          expect(read.message.split('\n')).toHaveLength(1);
          expect(read.message.endsWith('.')).toBe(true);
          continue;
        }
        // What is no complaint about the file is a defect of ours: the message shows it.
        expect(read instanceof Error ? `${basename(file)} ${round}: ${read.stack}` : '').toBe('');
      }
    }
  });
});
