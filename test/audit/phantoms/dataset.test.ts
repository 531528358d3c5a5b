import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../audit/errors.ts';
import { dice } from '../../../audit/imaging/measure.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { writePhantomDataset } from '../../../audit/phantoms/dataset.ts';
import { makePhantom } from '../../../audit/phantoms/phantom.ts';
import { readTruth, writeTruth } from '../../../audit/damage/truth.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'phantoms with spaces '));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const options = { count: 10, size: 64, seed: 0, errorShare: 0.3 };

async function maskOf(...names: string[]): Promise<Mask> {
  const { width, height, data, depth } = decode(await readFile(path.join(folder, ...names)));
  expect(depth).toBe(8);
  expect(data.every((v) => v === 0 || v === 255)).toBe(true);
  return { width, height, data: Uint8Array.from(data, (v) => (v === 0 ? 0 : 1)) };
}

/** The path of every file in a folder → its content in base64. */
async function contentOf(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const pairs = files.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return [path.relative(root, file), (await readFile(file)).toString('base64')] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

describe('writePhantomDataset', () => {
  it('writes images, labels, the truth file and the true masks of cases with errors', async () => {
    const out = path.join(folder, 'set');
    const seen: number[] = [];
    const truth = await writePhantomDataset(out, {
      ...options,
      onProgress: (done, total) => {
        expect(total).toBe(10);
        seen.push(done);
      },
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await readTruth(path.join(out, 'truth.json'))).toEqual(truth);
    expect(truth.cases).toHaveLength(10);
    const spoilt = new Set(truth.errors.map((error) => error.case));
    expect(spoilt.size).toBe(3);

    for (const name of ['images', 'lung', 'heart', 'clavicle']) {
      expect((await readdir(path.join(out, name))).sort()).toEqual(
        truth.cases.map((id) => `${id}.png`),
      );
    }
    const image = decode(await readFile(path.join(out, 'images', 'phantom-00002.png')));
    expect(image.depth).toBe(16);
    const phantom = makePhantom({ seed: 0, index: 1, size: 64 });
    expect(Uint16Array.from(image.data)).toEqual(phantom.image.data);

    for (const structure of ['lung', 'heart', 'clavicle'] as const) {
      expect(await readdir(path.join(out, 'truth', structure))).toHaveLength(3);
      for (const id of truth.cases) {
        const label = await maskOf('set', structure, `${id}.png`);
        const index = truth.cases.indexOf(id);
        const exact = makePhantom({ seed: 0, index, size: 64 }).masks[structure];
        const error = truth.errors.find((one) => one.case === id && one.structure === structure);
        expect(dice(label, exact)).toBe(error?.dice ?? 1);
        if (spoilt.has(id)) {
          expect(await maskOf('set', 'truth', structure, `${id}.png`)).toEqual(exact);
        }
      }
    }
  });

  it('gives an exact share of the cases a lesion, and lists the wrong labels of lesions', async () => {
    const out = path.join(folder, 'lesions');
    const lesions = { share: 0.5, errorShare: 1 };
    const { errors, cases } = await writePhantomDataset(out, {
      ...options,
      errorShare: 0,
      lesions,
    });
    expect(errors.map(({ kind }) => kind).sort()).toEqual([
      ...['dilated', 'half', 'invented', 'omitted', 'shifted'],
    ]);
    let drawn = 0;
    for (const id of cases) {
      const error = errors.find((one) => one.case === id);
      const label = await maskOf('lesions', 'lesion', `${id}.png`);
      const exact = error ? await maskOf('lesions', 'truth', 'lesion', `${id}.png`) : label;
      expect(dice(label, exact)).toBe(error?.dice ?? 1);
      drawn += Number(exact.data.includes(1));
    }
    expect(drawn).toBe(5);
    expect(await readdir(path.join(out, 'truth', 'lesion'))).toHaveLength(5);
  });

  it('continues a run that was killed, with the same result', async () => {
    const whole = path.join(folder, 'whole');
    const broken = path.join(folder, 'broken');
    await writePhantomDataset(whole, options);
    const controller = new AbortController();
    const cut = writePhantomDataset(broken, {
      ...options,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 6) controller.abort();
      },
    });
    await expect(cut).rejects.toThrow(/abort/);
    await expect(stat(broken)).rejects.toThrow();
    const kept = path.join(`${broken}.part`, 'images', 'phantom-00001.png');
    const before = await stat(kept);
    await writePhantomDataset(broken, options);
    expect((await stat(path.join(broken, 'images', 'phantom-00001.png'))).mtimeMs).toBe(
      before.mtimeMs,
    );
    expect(await contentOf(broken)).toEqual(await contentOf(whole));
    expect((await readdir(folder)).sort()).toEqual(['broken', 'whole']);
  });

  it('writes the same files with several threads', async () => {
    const one = path.join(folder, 'one');
    const two = path.join(folder, 'two');
    await writePhantomDataset(one, options);
    await writePhantomDataset(two, { ...options, threads: 2 });
    expect(await contentOf(two)).toEqual(await contentOf(one));
  });

  it('keeps a finished dataset and refuses a folder with other files', async () => {
    const out = path.join(folder, 'set');
    const truth = await writePhantomDataset(out, options);
    const before = await contentOf(out);
    expect(await writePhantomDataset(out, options)).toEqual(truth);
    expect(await contentOf(out)).toEqual(before);
    const other = writePhantomDataset(out, { ...options, seed: 1 });
    await expect(other).rejects.toThrow(UserError);
    await expect(other).rejects.toThrow(/already holds other files/);
    expect(await contentOf(out)).toEqual(before);
  });
});

describe('readTruth', () => {
  const errors = [{ case: 'a', structure: 'lung', kind: 'eroded', severity: 0.5, dice: 0.8 }];
  const truth = { version: 1 as const, seed: 0, errors, cases: ['a', 'b'] };

  it('reads a file that Overread wrote, and a shorter one that a person wrote', async () => {
    const file = path.join(folder, 'truth.json');
    await writeTruth(file, truth);
    expect(await readTruth(file)).toEqual(truth);
    expect(await readdir(folder)).toEqual(['truth.json']);
    const short = { ...truth, errors: [{ case: 'b', structure: 'heart', kind: 'wrong' }] };
    await writeFile(file, JSON.stringify(short));
    expect((await readTruth(file)).errors).toEqual([
      { case: 'b', structure: 'heart', kind: 'wrong', severity: null, dice: null },
    ]);
  });

  it.each([
    ['nothing there', null, /cannot be read/],
    ['no JSON', 'truth', /not JSON/],
    ['another version', JSON.stringify({ ...truth, version: 2 }), /not a truth file: version/],
    [
      'an unknown case',
      JSON.stringify({ ...truth, cases: ['b'] }),
      /error in a, missing in its cases/,
    ],
  ])('says in one sentence what is wrong: %s', async (_, text, message) => {
    const file = path.join(folder, 'truth.json');
    if (text !== null) await writeFile(file, text);
    await expect(readTruth(file)).rejects.toThrow(UserError);
    await expect(readTruth(file)).rejects.toThrow(message);
  });
});
