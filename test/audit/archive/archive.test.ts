/** Packs and unpacks a project: its whole history is kept, and files that do not belong are refused. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import { isPackName } from '../../../audit/archive/layout.ts';
import { packProject } from '../../../audit/archive/pack.ts';
import { unpackProject } from '../../../audit/archive/unpack.ts';
import { writeZip } from '../../../audit/archive/zip.ts';
import type { ZipSource } from '../../../audit/archive/zip.ts';
import { fromBytes } from '../../../audit/archive/contents.ts';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { readSampleSetHead, writeSampleSet } from '../../../models/sampleset.ts';
import { createIn, makeCase, makeMask, makePlace } from '../store/fixture.ts';
import type { Place } from '../store/fixture.ts';

let place: Place;
let file: string;
let target: string;
const by = { author: 'Ada' };

beforeEach(async () => {
  place = makePlace();
  file = path.join(place.folder, 'thorax.overread.zip');
  target = path.join(place.folder, 'unpacked.overread');
  const writer = await createIn(place);
  await writer.addCases([1, 2, 3].map((n) => ({ ...makeCase(place, n), patient: `P${n}` })));
  await writer.addRevision('case 1', 'lung', makeMask(16, 16, 9), { ...by, reason: 'replace' });
  writer.setVerdict('case 1', 'lung', 'fixed', by);
  writer.comment('case 2', 'heart', 'look again', by);
  const run = writer.startRun({ epochs: 1 });
  const folder = writer.runFolder(run.id);
  const cases = writer.cases().map(({ id }) => ({
    id,
    split: 'train' as const,
    present: [true, true],
    masks: [null, null],
  }));
  const structures = ['lung', 'heart'];
  await writeSampleSet(
    path.join(folder, 'samples.ovrset'),
    { version: 1, width: 4, height: 4, structures, truth: false, cases },
    (async function* () {
      for (let left = cases.length; left > 0; left -= 1) {
        yield { image: new Uint16Array(16), labels: new Uint8Array(32), truth: null };
      }
    })(),
  );
  writeFileSync(path.join(folder, 'metrics.jsonl'), '{"epoch":1}\n');
  writeFileSync(path.join(folder, 'checkpoint.00001.safetensors'), 'large');
  writer.endRun(run.id, { status: 'done', summary: {} });
  writer.close();
});
afterEach(() => place.remove());

async function pack(options: Parameters<typeof packProject>[2] = {}) {
  const project = await openProject(place.project);
  try {
    return await packProject(project, file, options);
  } finally {
    project.close();
  }
}

const unpack = (options: Partial<Parameters<typeof unpackProject>[2]> = {}) =>
  unpackProject(file, target, { ...by, ...options });

/** The names in the project's parent folder, to check that no temporary file is left. */
const beside = (): string[] => readdirSync(place.folder).sort();

async function entries(zip = file): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const opened = await yauzl.openPromise(zip, { lazyEntries: true });
  for await (const entry of opened.eachEntry()) {
    found.set(entry.fileName, await buffer(await opened.openReadStreamPromise(entry)));
  }
  return found;
}

/** Writes `files` as the zip at `file`; adds a correct `SHA256SUMS` if they have none. */
async function zipOf(files: ReadonlyMap<string, Buffer>): Promise<void> {
  const zip = new ZipFile();
  const list = [...files]
    .filter(([name]) => name !== 'SHA256SUMS')
    .map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  for (const [name, bytes] of files) if (name !== 'SHA256SUMS') zip.addBuffer(bytes, name);
  zip.addBuffer(files.get('SHA256SUMS') ?? Buffer.from(list.join('')), 'SHA256SUMS');
  zip.end();
  writeFileSync(file, await buffer(zip.outputStream));
}

describe('a packed project', () => {
  it('is unpacked with its whole history, and the copy verifies without findings', async () => {
    const steps: number[] = [];
    const packed = await pack({ onProgress: ({ done, total }) => steps.push(done / total) });
    expect(packed).toEqual({ file, bytes: statSync(file).size, cases: 3, images: false });
    expect(steps.at(-1)).toBe(1);
    const made = await unpack();
    expect(made).toEqual({ folder: target, name: 'Thorax', cases: 3, images: false });
    const [was, is] = [await openProject(place.project), await openProject(target)];
    expect(is.cases()).toEqual(was.cases());
    expect(is.case('case 2')?.patient).toBe('P2');
    expect(is.auditLog()).toEqual(was.auditLog());
    expect(is.runs()).toEqual(was.runs());
    expect(is.revisions('case 1', 'lung')).toEqual(was.revisions('case 1', 'lung'));
    expect(await is.mask('case 1', 'lung', 1)).toEqual(await was.mask('case 1', 'lung', 1));
    expect(is.origin).toEqual(was.origin);
    expect(await is.verify({ images: true })).toEqual([]);
    const run = String(is.lastRun()?.id);
    expect(readdirSync(is.runFolder(run)).sort()).toEqual(['metrics.jsonl', 'samples.ovrset']);
    const head = (project: typeof is) =>
      readSampleSetHead(path.join(project.runFolder(run), 'samples.ovrset'));
    expect((await head(is)).manifest).toEqual((await head(was)).manifest);
    was.close();
    is.close();
    expect(readdirSync(target)).not.toContain('manifest.json');
    expect(beside()).toEqual([
      'dataset',
      'thorax.overread',
      'thorax.overread.zip',
      'unpacked.overread',
    ]);
  });

  it('contains its images if asked to, and finds them after the unpacked project was moved', async () => {
    await pack({ images: true });
    rmSync(place.dataset, { recursive: true });
    expect(await unpack()).toMatchObject({ images: true });
    const elsewhere = mkdtempSync(path.join(os.tmpdir(), 'overread-moved-'));
    const moved = path.join(elsewhere, 'moved.overread');
    renameSync(target, moved);
    const writer = await openProject(moved);
    expect(writer.imageFile('case 2')).toBe(path.join(moved, 'images', 'case 2.png'));
    expect(writer.origin.root).toBe(path.join(moved, 'images'));
    expect(await writer.verify({ images: true })).toEqual([]);
    expect(writer.auditLog().at(-1)).toMatchObject({
      action: 'relink',
      author: 'Ada',
      detail: { from: place.dataset, to: 'images' },
    });
    writer.close();
    rmSync(elsewhere, { recursive: true });
  });

  it('contains its files under their own names and their SHA-256 sums, but no checkpoints', async () => {
    await pack();
    const found = await entries();
    const names = [...found.keys()];
    expect(names[0]).toBe('manifest.json');
    expect(names.at(-1)).toBe('SHA256SUMS');
    expect(names.filter((name) => name.startsWith('labels/'))).toHaveLength(5);
    expect(names.some((name) => /checkpoint|images|lock|cache/.test(name))).toBe(false);
    const sums = String(found.get('SHA256SUMS')).trimEnd().split('\n');
    expect(sums).toEqual(
      names.slice(0, -1).map((name) => {
        const sum = createHash('sha256')
          .update(found.get(name) ?? '')
          .digest('hex');
        return `${sum}  ${name}`;
      }),
    );
    expect(JSON.parse(String(found.get('manifest.json')))).toMatchObject({
      format: 'overread-project',
      version: 1,
      name: 'Thorax',
      cases: 3,
      labels: 6,
      images: false,
    });
  });

  it('cannot be written to an unusable place, and leaves no file after a failure or a cancel', async () => {
    const project = await openProject(place.project);
    const into = (to: string) => packProject(project, to);
    await expect(into(path.join(place.folder, 'x.zip'))).rejects.toThrow(/NAME\.overread\.zip/);
    await expect(into(path.join(place.dataset, 'x.overread.zip'))).rejects.toThrow(
      /would lie inside/,
    );
    await expect(into(path.join(place.project, 'x.overread.zip'))).rejects.toThrow(
      /would lie inside/,
    );
    await expect(into(path.join(place.folder, 'no', 'x.overread.zip'))).rejects.toThrow(
      /There is no folder/,
    );
    project.close();
    const abort = new AbortController();
    const cancelled = pack({
      signal: abort.signal,
      onProgress: ({ done }) => done === 3 && abort.abort(),
    });
    await expect(cancelled).rejects.toThrow(/abort/i);
    writeFileSync(path.join(place.dataset, 'case 2.png'), 'another image');
    await expect(pack({ images: true })).rejects.toThrow(/case 2\.png is not the one/);
    rmSync(path.join(place.dataset, 'case 2.png'));
    await expect(pack({ images: true })).rejects.toThrow(/case 2\.png is missing/);
    expect(beside()).toEqual(['dataset', 'thorax.overread']);
    await pack();
    await expect(pack()).rejects.toThrow(/is there already/);
  });

  it('leaves out a running training while another process writes the project', async () => {
    const writer = await openProjectForWriting(place.project, { purpose: 'test' });
    const run = writer.startRun({});
    writeFileSync(path.join(writer.runFolder(run.id), 'metrics.jsonl'), '');
    await pack();
    writer.close();
    expect([...(await entries()).keys()].some((name) => name.includes(run.id))).toBe(false);
    await unpack();
    const unpacked = await openProject(target);
    expect(unpacked.run(run.id)?.status).toBe('interrupted');
    expect(await unpacked.verify()).toEqual([]);
    unpacked.close();
  });
});

describe('unpacking', () => {
  it('never overwrites anything', async () => {
    await pack();
    mkdirSync(target);
    await expect(unpack()).rejects.toThrow(/is there already/);
    expect(readdirSync(target)).toEqual([]);
    await expect(unpackProject(path.join(place.folder, 'none'), target, by)).rejects.toThrow(
      /is there already|There is no file/,
    );
  });

  it('leaves no folder when it is cancelled', async () => {
    await pack();
    const abort = new AbortController();
    const cancelled = unpack({
      signal: abort.signal,
      onProgress: ({ done }) => done === 3 && abort.abort(),
    });
    await expect(cancelled).rejects.toThrow(/abort/i);
    expect(existsSync(target)).toBe(false);
    expect(beside()).toEqual(['dataset', 'thorax.overread', 'thorax.overread.zip']);
  });

  it('refuses packs with changed, added, missing or foreign files', async () => {
    await pack();
    const good = await entries();
    const sums = good.get('SHA256SUMS') ?? Buffer.alloc(0);
    const label = [...good.keys()].find((name) => name.startsWith('labels/')) ?? '';
    const change = async (edit: (files: Map<string, Buffer>) => void): Promise<unknown> => {
      const files = new Map(good);
      edit(files);
      await zipOf(files);
      return unpack().then(
        () => 'unpacked',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    };
    const whole = readFileSync(file);
    const cases: [RegExp, (files: Map<string, Buffer>) => void][] = [
      [/is not what was packed/, (files) => files.set(label, Buffer.from('other'))],
      [/is not in SHA256SUMS/, (files) => files.set('runs/a/b', Buffer.from('x'))],
      [/is missing/, (files) => files.delete(label)],
      [
        /“images\/a(\/b)?” is another file’s name in it, too/,
        (files) => {
          files.delete('SHA256SUMS');
          files.set('images/a', Buffer.from('x')).set('images/a/b', Buffer.from('x'));
        },
      ],
      [
        /or no name for this disk/,
        (files) => {
          files.delete('SHA256SUMS');
          files.set(`images/${'ä'.repeat(200)}`, Buffer.from('x'));
        },
      ],
      [/it holds “etc\/passwd”/, (files) => files.set('etc/passwd', Buffer.from('x'))],
      [/it holds “lock.db”/, (files) => files.set('lock.db', Buffer.from('x'))],
      [/no manifest\.json/, (files) => files.delete('manifest.json')],
      [/manifest\.json is not/, (files) => files.set('manifest.json', Buffer.from('{}'))],
      [/not a list of sums/, (files) => files.set('SHA256SUMS', Buffer.from('x'))],
      [
        /is not an Overread project|damaged/,
        (files) => {
          files.set('project.db', Buffer.from('SQLite format 3'));
          files.delete('SHA256SUMS');
        },
      ],
      [
        /newer version/,
        (files) => {
          const manifest = JSON.parse(String(files.get('manifest.json'))) as object;
          files.set('manifest.json', Buffer.from(JSON.stringify({ ...manifest, version: 2 })));
        },
      ],
    ];
    for (const [told, edit] of cases) {
      const said = await change(edit);
      expect(said).toMatch(told);
      expect(said).toMatch(/^UserError: /);
      expect(said).not.toContain('.part');
    }
    for (const bytes of [
      whole.subarray(0, whole.length - 30),
      Buffer.from('no zip'),
      Buffer.of(),
    ]) {
      writeFileSync(file, bytes);
      await expect(unpack()).rejects.toThrow(/is not a packed project, or is damaged/);
    }
    expect(sums.length).toBeGreaterThan(0);
    expect(beside()).toEqual(['dataset', 'thorax.overread', 'thorax.overread.zip']);
  });

  it('allows no name of a device on Windows', () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
    const names = ['images/NUL', 'images/con.png', 'runs/a/COM1', 'images/a.', 'images/a:b'];
    expect(names.map(isPackName)).toEqual([true, true, true, true, true]);
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    try {
      expect(names.map(isPackName)).toEqual([false, false, false, false, false]);
      expect(isPackName('images/console.png')).toBe(true);
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
  });

  it('writes nothing outside its folder', async () => {
    await pack({ images: true });
    const whole = readFileSync(file).toString('latin1');
    for (const evil of ['../../evil.png', '/tmp/ovr-evil1', 'images/../.png', 'images\\..\\.png']) {
      const name = 'images/case 1.png'.padEnd(17);
      const bytes = whole.replaceAll(name, evil.padEnd(17, 'x'));
      expect(bytes).not.toBe(whole);
      writeFileSync(file, Buffer.from(bytes, 'latin1'));
      await expect(unpack()).rejects.toThrow(/is not a packed project, or is damaged/);
    }
    expect(beside()).toEqual(['dataset', 'thorax.overread', 'thorax.overread.zip']);
  });
});

describe('a zip', () => {
  it('contains every file once and in order, however long each takes to read', async () => {
    const count = 300;
    async function* sources(): AsyncGenerator<ZipSource> {
      for (let index = 0; index < count; index += 1) {
        const bytes = async (): Promise<string> => {
          if (index % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
          return 'x'.repeat(index);
        };
        yield { ...fromBytes(`images/${index}`, bytes), compress: index % 2 === 0 };
      }
    }
    await writeZip(file, sources());
    expect([...(await entries())].map(([name, bytes]) => [name, bytes.length])).toEqual(
      Array.from({ length: count }, (_, index) => [`images/${index}`, index]),
    );
  });

  it('fails with the error of the file that cannot be read', async () => {
    async function* sources(): AsyncGenerator<ZipSource> {
      yield fromBytes('images/a', () => Promise.resolve('a'));
      yield fromBytes('images/b', () => Promise.reject(new Error('b is gone')));
    }
    await expect(writeZip(file, sources())).rejects.toThrow('b is gone');
  });
});
