/** Unpacks the archives of datasets by the real command, and refuses archives that would do harm. */
import { mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { unpackDataset } from '../../../audit/archive/dataset.ts';
import { openProject } from '../../../audit/store/project.ts';
import { temporaryFolder } from '../datasets/fixtures.ts';
import { disc } from '../cli/overread.ts';
import { runHere } from '../cli/here.ts';

let root: string;
let zip: string;
let project: string;
let target: string;
beforeEach(async () => {
  root = await temporaryFolder();
  await mkdir(join(root, 'in'));
  await mkdir(join(root, 'out'));
  zip = join(root, 'in', 'export.zip');
  project = join(root, 'out', 'chest.overread');
  target = join(root, 'out', 'export');
});

/** A dataset of one image and its mask, below `top`. */
async function dataset(top = ''): Promise<Zippable> {
  const image = await disc(32, [0.5, 0.5, 0.4], [10, 200]);
  const mask = await disc(32, [0.5, 0.5, 0.2]);
  return { [`${top}images/a.png`]: image, [`${top}lung/a.png`]: mask };
}

async function put(files: Zippable): Promise<Buffer> {
  await writeFile(zip, zipSync(files));
  return readFile(zip);
}

const create = (...more: string[]) => runHere('create', project, '--from', zip, ...more);
const folders = async (): Promise<string[]> => (await readdir(join(root, 'out'))).sort();

describe('the archive of a dataset', () => {
  it('is unpacked beside the project on asking, and is not changed', async () => {
    const before = await put(await dataset());
    const { code, err } = await create('--unpack');
    expect([code, err]).toEqual([0, expect.stringContaining(`Unpacked into ${target}.`)]);
    expect(await folders()).toEqual(['chest.overread', 'export']);
    expect(await readFile(zip)).toEqual(before);
    expect(await readdir(join(root, 'in'))).toEqual(['export.zip']);
    const opened = await openProject(project);
    expect(opened.counts).toMatchObject({ cases: 1 });
    opened.close();
    if (process.platform === 'win32') return;
    expect((await stat(target)).mode & 0o777).toBe(0o700);
    expect((await stat(join(target, 'images', 'a.png'))).mode & 0o777).toBe(0o600);
  });

  it('is not unpacked unasked: the sentence names the option', async () => {
    await put(await dataset());
    const { code, err } = await create();
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('such as with "overread create --unpack"'),
    ]);
    expect(await folders()).toEqual([]);
  });

  it('may hold its files in one folder, beside what macOS adds', async () => {
    const extra = { '__MACOSX/export/._a.png': Buffer.of(1), 'export/.DS_Store': Buffer.of(1) };
    await put({ ...(await dataset('export/')), ...extra });
    expect((await create('--unpack')).code).toBe(0);
    expect(await readdir(target, { recursive: true })).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/MACOSX|DS_Store/)]),
    );
  });

  it('that was unpacked before is taken as it is, and another folder of its name is not touched', async () => {
    await put(await dataset());
    await unpackDataset(zip, target);
    expect((await create('--unpack')).code).toBe(0);
    await put({ ...(await dataset()), 'images/b.png': Buffer.of(1) });
    project = join(root, 'out', 'second.overread');
    const { code, err } = await create('--unpack');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('export is there already: move it away'),
    ]);
    expect(await folders()).toEqual(['chest.overread', 'export']);
  });

  it('in the folder that is named is unpacked with the option', async () => {
    await put(await dataset());
    const { code } = await runHere('create', project, '--from', join(root, 'in'), '--unpack');
    expect(code).toBe(0);
  });

  it('that is stopped leaves nothing', async () => {
    await put({ ...(await dataset()), 'big.bin': [new Uint8Array(5e6), { level: 0 }] });
    const stop = new AbortController();
    const steps: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      steps.push(done / total);
      stop.abort();
    };
    await expect(unpackDataset(zip, target, { signal: stop.signal, onProgress })).rejects.toThrow();
    expect(steps.length).toBeGreaterThan(0);
    expect(await folders()).toEqual([]);
  });

  it('lets an import be completed, whose dataset it is', async () => {
    await put(await dataset());
    await create('--unpack');
    const { code, out } = await create('--unpack');
    expect([code, out]).toEqual([0, expect.stringContaining('(1 was there already)')]);
  });
});

/** Puts `name` in the place of a name of the same length in the zip. */
async function renamed(files: Zippable, from: string, to: string): Promise<void> {
  const bytes = await put(files);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
  await writeFile(zip, bytes);
}

describe('an archive that would do harm', () => {
  async function refusal(): Promise<string> {
    const { code, err } = await create('--unpack');
    expect(code).toBe(1);
    expect(await folders()).toEqual([]);
    expect(await readdir(root)).toEqual(['in', 'out']);
    return err.replaceAll(`${root}/`, '');
  }
  const NOT = 'in/export.zip is not unpacked';
  const one = { 'xx/y.png': Buffer.of(1) };

  it.each(['../y.png', '/x/y.png', 'C:/y.png', 'x\\../.p'])(
    'has a name that climbs: %s',
    async (to) => {
      await renamed(one, 'xx/y.png', to.padEnd(8, 'g'));
      expect(await refusal()).toContain(NOT);
    },
  );

  it('has a link', async () => {
    await put({ link: [Buffer.from('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] });
    expect(await refusal()).toContain(`${NOT} (its “link” is a link)`);
  });

  it('has a password', async () => {
    const bytes = await put(one);
    bytes[6] |= 1;
    bytes[bytes.indexOf('PK\u0001\u0002') + 8] |= 1;
    await writeFile(zip, bytes);
    expect(await refusal()).toContain(`${NOT} (it has a password)`);
  });

  it('claims an impossible size', async () => {
    const bytes = await put(one);
    bytes.writeUInt32LE(2 ** 30, bytes.indexOf('PK\u0001\u0002') + 24);
    await writeFile(zip, bytes);
    expect(await refusal()).toContain(`${NOT} (it claims an impossible size)`);
  });

  it('has a damaged file', async () => {
    const bytes = await put({ 'a.bin': [new Uint8Array(1000), { level: 0 }] });
    bytes[500] ^= 1;
    await writeFile(zip, bytes);
    expect(await refusal()).toContain(`${NOT} (its checksum is wrong)`);
  });

  it('has one name twice', async () => {
    await renamed({ 'a.png': Buffer.of(1), 'b.png': Buffer.of(2) }, 'b.png', 'a.png');
    expect(await refusal()).toContain(`${NOT} (it holds “a.png” twice)`);
  });

  it('is cut short, empty, or no archive', async () => {
    const bytes = await put(one);
    await writeFile(zip, bytes.subarray(0, bytes.length - 30));
    expect(await refusal()).toContain(NOT);
    await put({});
    expect(await refusal()).toContain(`${NOT} (it is empty)`);
    await writeFile(zip, 'PK');
    expect(await refusal()).toContain(NOT);
  });

  it.skipIf(process.platform === 'win32')('is written through no link of the folder', async () => {
    await put(await dataset());
    await symlink(join(root, 'in'), target);
    const { code, err } = await create('--unpack');
    expect([code, err]).toEqual([1, expect.stringContaining('is there already')]);
    expect(await readdir(join(root, 'in'))).toEqual(['export.zip']);
  });
});
