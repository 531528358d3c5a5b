/** A very small dataset and training, for the tests of the benchmark. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '../../../audit/codecs/png.ts';
import { PRESETS } from '../../../trainer/messages.ts';
import type { TrainConfig } from '../../../trainer/messages.ts';

const SIZE = 64;
const TRAIN = Array.from({ length: 8 }, (_, index) => `t${index}`);
const TEST = ['u0', 'u1'];

/** A training of two epochs; the QAM joins in the second. */
export const TINY: TrainConfig = {
  ...PRESETS.overread,
  ...{ epochs: 2, warmUp: 1, batch: 4, width: 4, levels: 2, qamWidths: [4, 8] },
  ...{ validationShare: 0, patience: null },
};

async function discFile(file: string, radius: number, low: number): Promise<void> {
  const data = new Uint8Array(SIZE * SIZE).fill(low);
  for (let i = 0; i < data.length; i += 1) {
    if (Math.hypot((i % SIZE) - 32, Math.floor(i / SIZE) - 32) < radius) data[i] = 255;
  }
  writeFileSync(file, await encodePng({ width: SIZE, height: SIZE, bits: 8, data }));
}

/**
 * Writes eight training cases and two test cases, each a bright disc labelled `lung` with a smaller
 * disc labelled `heart` in its middle.
 */
export async function writeDiscs(root: string): Promise<void> {
  for (const name of ['images', 'heart', 'lung']) mkdirSync(join(root, name), { recursive: true });
  for (const [index, id] of [...TRAIN, ...TEST].entries()) {
    await discFile(join(root, 'images', `${id}.png`), 20 + index, 30);
    await discFile(join(root, 'lung', `${id}.png`), 20 + index, 0);
    await discFile(join(root, 'heart', `${id}.png`), 10, 0);
  }
  writeFileSync(join(root, 'splits.json'), JSON.stringify({ train: TRAIN, test: TEST }));
}
