import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasCheckpoint } from '../../audit/training/once.ts';
import { checkpointEpoch, checkpointFile, foldFolder } from '../../models/run-files.ts';
import { checkpointEpochs } from '../../trainer/checkpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a checkpoint’s name', () => {
  it('is read back as its epoch', () => {
    expect(checkpointEpoch(checkpointFile(7))).toBe(7);
    expect(checkpointEpoch(checkpointFile(123456))).toBe(123456);
  });

  it('is read in the same way by the trainer and the audit', async () => {
    await writeFile(join(folder, 'checkpoint.old.safetensors'), '');
    expect(await checkpointEpochs(folder)).toEqual([]);
    expect(await hasCheckpoint(folder)).toBe(false);
    await writeFile(join(folder, checkpointFile(3)), '');
    expect(await checkpointEpochs(folder)).toEqual([3]);
    expect(await hasCheckpoint(folder)).toBe(true);
  });
});

describe('a fold’s folder', () => {
  it('lies in the folder of the run', () => {
    expect(foldFolder('run', 2)).toBe(join('run', 'fold-2'));
    expect(foldFolder('run', undefined)).toBe('run');
  });
});
