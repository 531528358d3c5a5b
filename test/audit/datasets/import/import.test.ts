import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../../audit/codecs/png.ts';
import { createFromDataset } from '../../../../audit/datasets/import/create.ts';
import { openDataset } from '../../../../audit/datasets/registry.ts';
import type { ImportSummary } from '../../../../audit/datasets/import/import.ts';
import { describeColumns } from '../../../../audit/cli/commands/create.ts';
import { UserError } from '../../../../audit/errors.ts';
import { openProject } from '../../../../audit/store/project.ts';
import type { ProjectReader } from '../../../../audit/store/types.ts';
import {
  drawn,
  foldersDataset,
  imagePng,
  jsrtDataset,
  maskPng,
  picture,
  put,
  rectangle,
  temporaryFolder,
} from '../fixtures.ts';

const box = rectangle(24, 16, { x: 2, y: 2, w: 5, h: 5 });

interface Imported {
  result: ImportSummary;
  /** The path of each file with a notice, relative to the dataset → the reason in its notice. */
  reasons: Record<string, string>;
  states: Record<string, string[]>;
}

/** Imports the dataset at `root` into a project in its parent folder, and reads the project. */
async function imported(
  root: string,
  look?: (project: ProjectReader) => Promise<void>,
): Promise<Imported> {
  const folder = join(root, '..', 'p.overread');
  const { project, result } = await createFromDataset(folder, await openDataset(root));
  try {
    await look?.(project);
    const notices = project.importNotices();
    const cases = project.cases();
    return {
      result,
      reasons: Object.fromEntries(
        notices.map(({ file, reason }) => [file.slice(root.length + 1), reason]),
      ),
      states: Object.fromEntries(
        cases.map(({ id, labels }) => [id, labels.map(({ state }) => state)]),
      ),
    };
  } finally {
    project.close();
  }
}

describe('an import', () => {
  it('imports every case with the exact pixels of its labels', async () => {
    const root = await temporaryFolder();
    const ids = await foldersDataset(root, 40);
    const { result, reasons } = await imported(root, async (project) => {
      expect(project.caseIds()).toEqual(ids);
      const heart = rectangle(24, 16, { x: 10, y: 5, w: 5, h: 6 });
      expect(drawn((await project.mask(ids[1], 'heart'))!)).toBe(drawn(heart));
      expect(project.imageFile(ids[1])).toBe(join(root, 'images', `${ids[1]}.png`));
      expect(await project.verify()).toEqual([]);
    });
    expect(result).toMatchObject({ cases: 40, labels: 80, known: 0, leftOut: 0, warnings: [] });
    expect(reasons).toEqual({});
  });

  it('lists every bad file with a reason and imports the rest', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 1);
    const image = (name: string, bytes: Uint8Array | string) =>
      put(join(root, 'images', name), bytes);
    const lung = (name: string, bytes: Uint8Array | string) => put(join(root, 'lung', name), bytes);
    const good = await maskPng(box);
    const wide = await imagePng(8, 8);
    wide.writeUInt32BE(50_000, 16);
    const bad: [string, Uint8Array | string][] = [
      ['zero', ''],
      ['text', 'not an image'],
      ['cut', (await imagePng(24, 16, 1)).subarray(0, 80)],
      ['wide', wide],
    ];
    for (const [name, bytes] of bad) {
      await image(`${name}.png`, bytes);
      await lung(`${name}.png`, good);
    }
    await image('named.jpg', await imagePng(24, 16, 2));
    await lung('named.png', good);
    await image('empty.png', await imagePng(24, 16, 3));
    await lung('empty.png', await maskPng(rectangle(24, 16, { x: 0, y: 0, w: 0, h: 0 })));
    await image('half.png', await imagePng(48, 32, 4));
    await lung('half.png', good);
    await image('shape.png', await imagePng(24, 20, 5));
    await lung('shape.png', good);
    await image('twin.png', await imagePng(24, 16, 0));
    await lung('twin.png', good);
    await image('badmask.png', await imagePng(24, 16, 6));
    await lung('badmask.png', good.subarray(0, 50));
    await put(join(root, 'heart', 'badmask.png'), good);
    const { result, reasons, states } = await imported(root);
    expect(Object.keys(states).sort()).toEqual(['badmask', 'case 00 胸', 'empty', 'half', 'named']);
    expect(states.empty[0]).toBe('empty');
    expect(states.badmask.sort()).toEqual(['absent', 'drawn']);
    expect(result).toMatchObject({ cases: 5, leftOut: 8, changed: 3 });
    expect(reasons).toEqual({
      'images/zero.png': 'is empty (zero bytes): copy it again.',
      'images/text.png':
        'is not a PNG, JPEG, TIFF, GIF, BMP, DICOM or NIfTI image: replace it, or take it out of the folder.',
      'images/cut.png': 'is cut short: copy it again.',
      'images/wide.png':
        'is 50000 × 8 pixels, more than the 20000 a side or the 200 megapixels that are read: cut or scale it down.',
      'images/named.jpg': 'is a PNG file named .jpg: read by its content.',
      'lung/empty.png': 'is empty: imported as an empty label.',
      'lung/half.png': 'is 24 × 16, its image 48 × 32: resampled.',
      'lung/shape.png':
        'is 24 × 16 pixels, its image 24 × 20, which is another aspect ratio: give a mask of 24 × 20, or of the same aspect ratio.',
      'images/shape.png': 'has no mask that could be read.',
      'images/twin.png': 'is the same image as the case case 00 胸, byte for byte.',
      'lung/badmask.png': 'is cut short: copy it again.',
    });
  });

  it('reads JPEG images, 16-bit images and lossy masks', async () => {
    const root = await temporaryFolder();
    const rgba = (grey: Uint8Array) =>
      Uint8Array.from({ length: grey.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]));
    const jpg = (grey: Uint8Array) =>
      jpeg.encode({ width: 24, height: 16, data: rgba(grey) }, 90).data;
    await put(join(root, 'images', 'a.jpg'), jpg(picture(24, 16)));
    await put(join(root, 'lung', 'a.jpg'), jpg(box.data.map((value) => value * 255)));
    const deep = Uint16Array.from({ length: 384 }, (_, i) => i * 170);
    await put(
      join(root, 'images', 'b.png'),
      await encodePng({ width: 24, height: 16, bits: 16, data: deep }),
    );
    await put(join(root, 'lung', 'b.png'), await maskPng(box));
    const { reasons } = await imported(root, async (project) => {
      expect(project.cases().map(({ bits }) => bits)).toEqual([8, 16]);
      const mask = (await project.mask('a', 'lung'))!;
      const same = mask.data.filter((value, i) => value === box.data[i]).length;
      expect(same).toBeGreaterThan(384 * 0.95);
    });
    expect(reasons['lung/a.jpg']).toMatch(
      /^has \d+ pixels between inside and outside: cut at half of the maximum\.$/,
    );
  });

  it('imports JSRT originals', async () => {
    const root = await temporaryFolder();
    await jsrtDataset(root);
    const { states } = await imported(root, async (project) => {
      const [first] = project.cases();
      expect(first).toMatchObject({
        width: 2048,
        bits: 12,
        spacing: [0.175, 0.175],
        split: 'fold1',
      });
      expect(first.labels.map(({ area }) => area)).toEqual([480_000, 240_000, 240_000 * 2]);
    });
    expect(Object.keys(states)).toEqual(['JPCLN001', 'JPCNN002']);
  });

  it('stores the patient, warns of patients in two splits, and never names them in the log', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 6);
    const found = await openDataset(root);
    const about = [
      { patient: 'Doe^Jane', study: 'S-1', split: 'train', annotator: 'Ada' },
      { patient: 'Doe^Jane', study: 'S-2', split: 'test', annotator: ' ' },
      { patient: 'Roe', study: null, split: 'train', annotator: 'Bea' },
    ];
    const cases = found.cases.map((source, index) => ({ ...source, ...about[index] }));
    const folder = join(root, '..', 'p.overread');
    const { project, result } = await createFromDataset(folder, { ...found, cases });
    try {
      const none = { patient: null, study: null, split: null, annotator: null };
      expect(project.cases()).toMatchObject([
        about[0],
        { ...about[1], annotator: null },
        about[2],
        none,
        none,
        none,
      ]);
      expect([...project.columnTable('patient').places]).toEqual([0, 0, 1, -1, -1, -1]);
      expect(result.warnings).toEqual([
        '1 patient has images in more than one split of the dataset: validation then uses patients from the training and looks better than it is.',
      ]);
      expect(describeColumns(project)).toEqual([
        'Splits: train 2, test 1, none 3',
        'Annotators: Ada 1, Bea 1, none 4',
      ]);
      const said = JSON.stringify([project.auditLog(), project.importNotices(), result]);
      expect(said).not.toMatch(/Doe|Roe|S-1/);
      expect(await project.verify()).toEqual([]);
    } finally {
      project.close();
    }
  });

  it('warns of a single case and of structures that nobody drew', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'images', 'a.png'), await imagePng(24, 16));
    await put(join(root, 'lung', 'a.png'), await maskPng(box));
    await put(
      join(root, 'heart', 'a.png'),
      await maskPng(rectangle(24, 16, { x: 0, y: 0, w: 0, h: 0 })),
    );
    const { result } = await imported(root);
    expect(result.warnings).toEqual([
      'Every label of “heart” is empty: check its masks, nothing can be learned.',
      'There is one case only: bad labels are found by comparing many.',
    ]);
  });

  it('fails in one sentence and leaves no files if no case could be imported', async () => {
    const root = await temporaryFolder();
    await put(join(root, 'images', 'a.png'), '');
    await put(join(root, 'images', 'b.png'), 'x');
    for (const id of ['a', 'b']) await put(join(root, 'lung', `${id}.png`), await maskPng(box));
    const error = await imported(root).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toBe(
      `No case of ${root} could be imported: ${join(root, 'images', 'a.png')} is empty (zero bytes): copy it again (the first of 2 problems).`,
    );
    expect(existsSync(join(root, '..', 'p.overread'))).toBe(false);
    await mkdir(join(root, '..', 'p.overread'));
    await expect(imported(root)).rejects.toThrow(/No case/);
    expect(await readdir(join(root, '..', 'p.overread'))).toEqual([]);
  });

  it('keeps the imported cases when it is cancelled, and a second import adds the others', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 80);
    const folder = join(root, '..', 'p.overread');
    const listing = await openDataset(root);
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      expect(total).toBe(80);
      seen.push(done);
      if (done === 50) stop.abort(new Error('stopped'));
    };
    const first = createFromDataset(folder, listing, { signal: stop.signal, onProgress });
    await expect(first).rejects.toThrow('stopped');
    const between = await openProject(folder);
    expect(between.counts.cases).toBe(32);
    between.close();
    const { project, result } = await createFromDataset(folder, listing);
    expect(result).toMatchObject({ cases: 48, known: 32 });
    expect(project.caseIds()).toHaveLength(80);
    expect(await project.verify()).toEqual([]);
    project.close();
    expect(seen.every((done, i) => i === 0 || done >= seen[i - 1])).toBe(true);
  });

  it('refuses to complete the project of another dataset', async () => {
    const [one, other] = [await temporaryFolder(), await temporaryFolder()];
    await foldersDataset(one, 2);
    await foldersDataset(other, 2);
    await imported(one);
    const folder = join(one, '..', 'p.overread');
    await expect(createFromDataset(folder, await openDataset(other))).rejects.toThrow(
      /another dataset/,
    );
  });

  it('refuses to complete a project with other structures, and names both', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 2);
    const folder = join(root, '..', 'p.overread');
    const labels = { lung: join(root, 'lung') };
    const listing = await openDataset(root, { images: join(root, 'images'), labels }, 'folders');
    (await createFromDataset(folder, listing)).project.close();
    await expect(createFromDataset(folder, await openDataset(root))).rejects.toThrow(
      /has the structures lung, not lung, heart: name a new folder/,
    );
  });

  it('refuses a project inside the dataset or around it', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 2);
    const listing = await openDataset(root);
    await expect(createFromDataset(join(root, 'p.overread'), listing)).rejects.toThrow(
      /would lie inside/,
    );
    await expect(createFromDataset(join(root, '..'), listing)).rejects.toThrow(/would hold/);
    expect((await readdir(root)).sort()).toEqual(['heart', 'images', 'lung']);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says that a folder may not be written (skipped for root, who may)',
    async () => {
      const root = await temporaryFolder();
      await foldersDataset(root, 2);
      const place = join(root, '..', 'locked');
      await mkdir(place);
      await chmod(place, 0o500);
      const listing = await openDataset(root);
      await expect(createFromDataset(join(place, 'p.overread'), listing)).rejects.toThrow(
        /cannot be written/,
      );
      await chmod(place, 0o700);
    },
  );
});
