import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRaster } from '../../../../../audit/codecs/index.ts';
import { encodePng } from '../../../../../audit/codecs/png.ts';
import { datasetFolders, exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../../../audit/datasets/export/losses.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import { readTable } from '../../../../../audit/datasets/formats/manifest/table.ts';
import type { DatasetListing, ForeseenLoss } from '../../../../../audit/datasets/types.ts';
import { UserError } from '../../../../../audit/errors.ts';
import type { Mask } from '../../../../../audit/imaging/types.ts';
import type { ProjectWriter } from '../../../../../audit/store/types.ts';
import { FIXTURES } from '../../../codecs/expected.ts';
import {
  contents,
  drawn,
  imagePng,
  inProject,
  maskPng,
  put,
  rectangle,
  temporaryFolder,
} from '../../fixtures.ts';

const SIZE = { width: 20, height: 14 };
const by = { author: 'tester', reason: 'replace' };
const box = rectangle(20, 14, { x: 1, y: 1, w: 3, h: 4 });
const PARQUETS = ['snappy', 'gzip', 'zstd', 'brotli'];

/** Copies the fixture with one of its manifests, under the name `as`. @returns the folder of the copy */
async function dataset(manifest = 'manifest.csv', as = manifest): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await mkdir(root);
  await cp(join(FIXTURES, 'manifest', 'x'), join(root, 'x'), { recursive: true });
  await cp(join(FIXTURES, 'manifest', manifest), join(root, as));
  return root;
}

const told = (listing: DatasetListing) =>
  listing.cases.map(({ id, split, annotator, patient, study, labels }) => ({
    about: [id, split, annotator, patient, study],
    labels: labels.map(({ structure }) => structure),
  }));

async function maskOf(listing: DatasetListing, id: string, structure: string) {
  const label = listing.cases
    .find((one) => one.id === id)!
    .labels.find((one) => one.structure === structure)!;
  return (await label.read(SIZE)).mask;
}

async function exported(
  root: string,
  work: (project: ProjectWriter) => Promise<void> | void,
  options: Record<string, unknown> = {},
) {
  const source = options.manifest === undefined ? root : '';
  const listing = await openDataset(source, options);
  const use = async (project: ProjectWriter, out: string) => {
    await work(project);
    const { notices } = await exportDataset(project, out);
    const files = await contents(out);
    files.delete('overread-export.json');
    return { out, files, notices, folders: datasetFolders(project) };
  };
  return inProject(root, use, listing);
}

describe('a manifest', () => {
  it('lists the labels, patient and study of each image, in CSV and in Parquet', async () => {
    const expected = [
      {
        about: ['x/0/image', 'train', 'Ann, Bo', '17', 'S1'],
        labels: ['left lung', 'heart'],
      },
      { about: ['x/1/image', 'test', 'Ann', '18', 'S2'], labels: ['left lung'] },
      { about: ['x/2/image', 'train', 'Ann', '17', 'S3'], labels: ['left lung', 'heart'] },
    ];
    const csv = await openDataset(await dataset());
    expect(csv.because).toContain('manifest.csv');
    expect(told(csv)).toEqual(expected);
    expect(csv.notices).toEqual([]);
    for (const name of PARQUETS) {
      const parquet = await openDataset(await dataset(`${name}.parquet`, 'manifest.parquet'));
      expect(parquet.format).toBe('manifest');
      expect(told(parquet)).toEqual(expected);
    }
  });

  it('may give several values of one mask to a structure', async () => {
    const root = await dataset();
    const { data } = (await readRaster(join(root, 'x/2/all.png'))).raster;
    const listing = await openDataset(root);
    for (const [structure, values] of [
      ['left lung', [7, 8]],
      ['heart', [9]],
    ] as const) {
      const mask = await maskOf(listing, 'x/2/image', structure);
      const wanted = [...data].map((value) => (values.some((one) => one === value) ? 1 : 0));
      expect([...mask.data]).toEqual(wanted);
    }
  });

  it('is exported byte for byte without changes', async () => {
    for (const [name, as] of [
      ['manifest.csv', 'manifest.csv'],
      ['zstd.parquet', 'manifest.parquet'],
    ]) {
      const root = await dataset(name, as);
      const before = await contents(root);
      const { files, notices } = await exported(root, () => undefined);
      expect(files).toEqual(before);
      expect(notices).toEqual([]);
    }
  });

  it('differs after an export only in the corrections', async () => {
    const root = await dataset();
    const before = await openDataset(root);
    const { out, files } = await exported(root, async (project) => {
      await project.addRevision('x/0/image', 'left lung', box, by);
      await project.addRevision('x/2/image', 'heart', box, by);
    });
    const original = await contents(root);
    const differing = [...files.keys()].filter((file) => files.get(file) !== original.get(file));
    expect(differing).toEqual(['x/0/lung, left.png', 'x/2/all.png']);
    const after = await openDataset(out);
    expect(told(after)).toEqual(told(before));
    expect(drawn(await maskOf(after, 'x/0/image', 'left lung'))).toBe(drawn(box));
    expect(drawn(await maskOf(after, 'x/2/image', 'heart'))).toBe(drawn(box));
    // The structure that was not corrected, the left lung, keeps its two values, 7 and 8.
    const { data } = (await readRaster(join(out, 'x/2/all.png'))).raster;
    expect([...new Set(data)].sort()).toEqual([0, 7, 8, 9]);
  });

  it('foresees the lost pixels of multi-valued masks and of masks smaller than their images', async () => {
    const root = join(await temporaryFolder(), 'data');
    await put(join(root, 'a.png'), await imagePng(20, 14));
    await put(join(root, 'b.png'), await imagePng(20, 14, 1));
    const [left, right] = [0, 10].map((x) => rectangle(20, 14, { x, y: 2, w: 8, h: 9 }));
    const data = left.data.map((value, i) => value + 2 * right.data[i]);
    await put(join(root, 'both.png'), await encodePng({ ...SIZE, bits: 8, data }));
    const small = rectangle(10, 7, { x: 2, y: 2, w: 4, h: 3 });
    await put(join(root, 'small.png'), await maskPng(small));
    await put(join(root, 'plain.png'), await maskPng(left));
    const rows = [
      'image,mask,structure,value',
      'a.png,both.png,lung,1',
      'a.png,both.png,heart,2',
      'b.png,small.png,lung,',
      'b.png,plain.png,heart,',
    ];
    await put(join(root, 'manifest.csv'), `${rows.join('\n')}\n`);
    const wide = rectangle(20, 14, { x: 1, y: 1, w: 13, h: 11 });
    const odd = rectangle(20, 14, { x: 3, y: 3, w: 5, h: 5 });
    const wanted = new Map<string, Mask>();
    let foreseen: readonly ForeseenLoss[] = [];
    const { out } = await exported(root, async (project) => {
      expect((await foreseeExport(project)).losses).toEqual([]);
      await project.addRevision('a', 'lung', wide, by);
      await project.addRevision('b', 'lung', odd, by);
      await project.addRevision('b', 'heart', odd, by);
      foreseen = (await foreseeExport(project)).losses;
      for (const id of ['a', 'b']) {
        for (const name of ['lung', 'heart']) {
          wanted.set(`${id} ${name}`, (await project.mask(id, name))!);
        }
      }
    });
    const again = await openDataset(out);
    const lost: ForeseenLoss[] = [];
    for (const [key, mask] of wanted) {
      const [id, structure] = key.split(' ');
      const now = await maskOf(again, id, structure);
      const pixels = now.data.filter((value, i) => value !== mask.data[i]).length;
      if (pixels > 0) lost.push({ case: id, structure, pixels });
    }
    // In `a` the heart covers pixels of the lung. In `b` the edges of the lung fall between the pixels of
    // its smaller file.
    expect(lost.map((one) => `${one.case} ${one.structure}`)).toEqual(['a lung', 'b lung']);
    expect(foreseen).toMatchObject(lost);
    expect(foreseen).toHaveLength(lost.length);
  });

  it('loses the rows of excluded labels, gains rows for new labels, and keeps the rest', async () => {
    const work = async (project: ProjectWriter) => {
      project.setVerdict('x/0/image', 'heart', 'excluded', { author: 'tester' });
      project.setVerdict('x/2/image', null, 'excluded', { author: 'tester' });
      await project.addRevision('x/1/image', 'heart', box, by);
    };
    const root = await dataset();
    const { out, files } = await exported(root, work);
    const lines = (await readFile(join(root, 'manifest.csv'), 'utf8')).split('\r\n');
    expect(await readFile(join(out, 'manifest.csv'), 'utf8')).toBe(
      [
        lines[0],
        lines[1],
        lines[3],
        'x/1/image.png,masks/heart/x/1/image.png,heart,,,test,18,S2,',
        '',
      ].join('\r\n'),
    );
    expect([...files.keys()].sort()).toEqual([
      'manifest.csv',
      'masks/heart/x/1/image.png',
      'x/0/image.png',
      'x/0/lung, left.png',
      'x/1/image.png',
      'x/1/lung, left.png',
    ]);
    const parquet = await dataset('snappy.parquet', 'manifest.parquet');
    const other = await exported(parquet, work);
    const table = await readTable(join(other.out, 'manifest.parquet'));
    const old = await readTable(join(parquet, 'manifest.parquet'));
    expect(table.columns).toEqual(old.columns);
    expect(table.rows.slice(0, 2)).toEqual([old.rows[0], old.rows[2]]);
    expect(table.rows[2].slice(0, 3)).toEqual([
      'x/1/image.png',
      'masks/heart/x/1/image.png',
      'heart',
    ]);
    expect(told(await openDataset(other.out))).toEqual(told(await openDataset(out)));
  });

  it('may name files outside its folder only if a person gave the manifest itself', async () => {
    const root = await dataset();
    const elsewhere = join(dirname(root), 'elsewhere');
    await put(join(elsewhere, 'a.png'), await imagePng(20, 14, 5));
    await put(join(elsewhere, 'm.png'), await maskPng(box));
    const file = await put(
      join(root, 'manifest.csv'),
      'image;Mask;STRUCTURE\nx/0/image.png;x/0/heart.png;heart\n' +
        `../elsewhere/a.png;../elsewhere/m.png;heart\n` +
        `${join(elsewhere, 'a.png')};${join(elsewhere, 'm.png')};heart\n`,
    );
    const found = await openDataset(root);
    expect(found.cases.map(({ id }) => id)).toEqual(['x/0/image']);
    expect(found.notices.map(({ reason }) => reason)).toEqual([
      'names, in row 3, an image that does not lie below its folder: move it there.',
      'names, in row 4, an image that does not lie below its folder: name the manifest itself (--manifest).',
    ]);
    const named = await openDataset('', { manifest: file });
    expect(named.cases.map(({ id }) => id)).toEqual(['x/0/image', 'a']);
    expect(named.folders).toEqual([root, elsewhere]);
    const before = await contents(elsewhere);
    const { out, files, folders } = await exported(
      root,
      async (project) => {
        await project.addRevision('a', 'heart', rectangle(20, 14, { x: 5, y: 5, w: 2, h: 2 }), by);
      },
      { manifest: file },
    );
    expect(folders).toEqual([root, elsewhere]);
    expect(await contents(elsewhere)).toEqual(before);
    expect([...files.keys()].sort()).toEqual([
      'manifest.csv',
      'masks/heart/a.png',
      'x/0/heart.png',
      'x/0/image.png',
    ]);
    expect(await readFile(join(out, 'manifest.csv'), 'utf8')).toBe(
      'image;Mask;STRUCTURE\nx/0/image.png;x/0/heart.png;heart\n' +
        `${join(elsewhere, 'a.png')};masks/heart/a.png;heart\n`,
    );
  });

  it('gives notices of invalid rows, without the name of the patient', async () => {
    const root = await dataset();
    await writeFile(
      join(root, 'manifest.csv'),
      '\ufeffimage,mask,structure,value,patient\n' +
        'x/0/image.png,x/0/heart.png,heart,,Doe\n' +
        'x/0/image.png,"x/0/lung, left.png",heart,,Doe\n' +
        'x/0/image.png,x/0/heart.png,lung,,Doe\n' +
        ',x/0/heart.png,heart,,Doe\n' +
        'x/1/image.png,x/0/heart.png,heart,,Roe\n' +
        'x/1/image.png,"x/1/lung, left.png",,,Roe\n' +
        'x/1/image.png,"x/1/lung, left.png",lung,1.5,Roe\n' +
        'x/2/image.png,,,,Doe\n',
    );
    const listing = await openDataset(root);
    expect(told(listing)).toEqual([
      { about: ['x/0/image', null, null, 'Doe', null], labels: ['heart'] },
    ]);
    expect(listing.notices.map(({ reason }) => reason)).toEqual([
      'names, in row 3, a second mask of a structure: the first was taken.',
      'names, in row 4, a mask that another structure uses already: give each of the two structures a value.',
      'names no image in row 5.',
      'names, in row 6, a mask that another image has already.',
      'names no structure in row 7.',
      'names the value “1.5” in row 8: it must be whole, from 1 to 65535.',
      'has no mask of any structure.',
      'has no mask of any structure.',
    ]);
    expect(JSON.stringify(listing.notices)).not.toMatch(/Doe|Roe/);
  });

  it('is refused in one sentence if it cannot be used', async () => {
    const root = await temporaryFolder();
    const file = join(root, 'm.csv');
    const open = (name = file) => openDataset('', { manifest: name });
    await expect(open()).rejects.toThrow(/is no file: name the manifest/);
    for (const [text, message] of [
      ['', /is empty/],
      ['image,mask\na,b\n', /has no column “structure”: it needs image, mask, structure/],
      ['image,mask,structure\n', /has no row: no label is left to import\.$/],
      ['image,mask,structure\na,"b', /is no CSV that can be read: correct the quotes/],
    ] as const) {
      await writeFile(file, text);
      await expect(open()).rejects.toThrow(message);
    }
    const parquet = join(root, 'm.parquet');
    await writeFile(parquet, 'PAR1 and no more');
    await expect(open(parquet)).rejects.toThrow(/is no Parquet file that can be read/);
  });

  it('with any damage is read or refused within a bounded time', async () => {
    const place = await temporaryFolder();
    const names = (await readdir(join(FIXTURES, 'manifest'))).filter((name) =>
      /\.(csv|parquet)$/.test(name),
    );
    let state = 7;
    const next = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (const name of names) {
      const whole = await readFile(join(FIXTURES, 'manifest', name));
      for (let round = 0; round < 30; round += 1) {
        const bytes = Buffer.from(next(4) === 0 ? whole.subarray(0, next(whole.length)) : whole);
        for (let changes = 0; changes < 3 && bytes.length > 0; changes += 1) {
          bytes[next(bytes.length)] = next(256);
        }
        const file = join(place, name);
        await writeFile(file, bytes);
        const read = await openDataset('', { manifest: file }).catch((error: unknown) => error);
        if (read instanceof UserError) expect(read.message.split('\n')).toHaveLength(1);
        else expect(read instanceof Error ? `${name} ${round}: ${read.stack}` : '').toBe('');
        await rm(file);
      }
    }
  });
});
