import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guessFormat, openDataset, formatToRead } from '../../../audit/datasets/registry.ts';
import { summariseNotices } from '../../../audit/datasets/import/notices.ts';
import { assertApart } from '../../../audit/datasets/tree/places.ts';
import { foldersDataset, put, temporaryFolder } from './fixtures.ts';

describe('the formats of datasets', () => {
  it('are guessed with a reason, or named by a person', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 1);
    const guess = await guessFormat(root);
    expect(guess.format.name).toBe('folders');
    expect((await openDataset(root)).because).toBe(guess.because);
    expect((await openDataset(root, {}, 'folders')).because).toBeNull();
    await expect(openDataset(root, {}, 'jsrt')).rejects.toThrow(/no JSRT original/);
    expect(() => formatToRead('nrrd')).toThrow(/no format “nrrd”: use one of jsrt, .*, folders/);
  });

  it('are listed with what they look for if no format fits a folder', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'a.txt'), 'x');
    await expect(guessFormat(root)).rejects.toThrow(/JSRT originals .* “images”/);
    await expect(guessFormat(join(root, 'gone'))).rejects.toThrow(/gone is not there/);
  });
});

describe('the folders', () => {
  it('of projects and exports must lie apart from the dataset, also through links', async () => {
    const root = await temporaryFolder();
    const data = join(root, 'data');
    await mkdir(data);
    const check = (place: string) => assertApart('The export', place, [data]);
    await expect(check(join(data, 'new', 'out'))).rejects.toThrow(/would lie inside the dataset/);
    await expect(check(data)).rejects.toThrow(/would lie inside/);
    await expect(check(root)).rejects.toThrow(/would hold/);
    await expect(check(join(root, 'data2'))).resolves.toBeUndefined();
  });
});

describe('the notices of an import', () => {
  it('are grouped by reason', () => {
    const notices = Array.from({ length: 9 }, (_, i) => ({
      kind: 'changed' as const,
      file: `${i}.png`,
      reason: 'resampled.',
    }));
    const out = { kind: 'left-out' as const, file: 'x', reason: 'is empty.' };
    expect(summariseNotices([...notices, out])).toEqual([
      { kind: 'left-out', reason: 'is empty.', count: 1, files: ['x'] },
      { kind: 'changed', reason: 'resampled.', count: 9, files: ['0.png', '1.png', '2.png'] },
    ]);
  });

  it('that differ only in a number of pixels form one group with the range', () => {
    const notices = ['1 pixel', '40 pixels', '7 pixels'].map((pixels, i) => ({
      kind: 'changed' as const,
      file: `${i}.png`,
      reason: `has ${pixels} between.`,
    }));
    expect(summariseNotices(notices).map(({ count, reason }) => [count, reason])).toEqual([
      [3, 'has 1 to 40 pixels between.'],
    ]);
    expect(summariseNotices(notices.slice(0, 1))[0].reason).toBe('has 1 pixel between.');
  });
});
