import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../audit/store/database.ts';
import { disc, overread, removeFolder, start, temporaryFolder, writeDiscs } from './overread.ts';
import type { Ended } from './overread.ts';

let folder = '';
let dataset = '';
let project = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  dataset = join(folder, 'dataset');
  project = join(folder, 'good.overread');
  await writeDiscs(dataset, 4, 64);
  expect((await overread('create', project, '--from', dataset)).code).toBe(0);
}, 120_000);
afterAll(() => removeFolder(folder));

/** Copies the good dataset and damages the copy with `spoil`. @returns the folder of the copy */
async function spoilt(name: string, spoil: (place: string) => Promise<unknown>): Promise<string> {
  const place = join(folder, name);
  await cp(dataset, place, { recursive: true });
  await spoil(place);
  return place;
}

/** Expects that a command printed one sentence on standard error and nothing on standard output. */
function expectSentence({ code, out, err }: Ended, expected: RegExp, exitCode = 1): void {
  const said = err.trim().split('\n');
  expect(said.at(-1)).toMatch(expected);
  expect(said.filter((line) => line.startsWith('overread: '))).toHaveLength(1);
  expect(err).not.toContain('    at ');
  expect(out).toBe('');
  expect(code).toBe(exitCode);
}

const first = 'case-000.png';

describe('bad files in a dataset', { timeout: 300_000 }, () => {
  it('are left out with a reason, and the rest is imported with exit code 0', async () => {
    const place = await spoilt('files', async (at) => {
      await writeFile(join(at, 'images', first), 'this is no image');
      await truncate(join(at, 'images', 'case-001.png'), 60);
      await writeFile(join(at, 'lung', 'case-002.png'), '');
      const wide = await readFile(join(at, 'images', 'case-002.png'));
      wide.writeUInt32BE(50_000, 16);
      await writeFile(join(at, 'images', 'wide.png'), wide);
      await cp(join(at, 'lung', 'case-003.png'), join(at, 'lung', 'wide.png'));
      await cp(join(at, 'lung', 'case-003.png'), join(at, 'lung', 'nobody.png'));
    });
    const target = join(folder, 'files.overread');
    const { code, out } = await overread('create', target, '--from', place, '--json');
    expect(code).toBe(0);
    const { cases, notices } = JSON.parse(out) as {
      cases: number;
      notices: { kind: string; file: string; reason: string }[];
    };
    expect(cases).toBe(2);
    const reasons = (name: string): string =>
      notices
        .filter(({ file }) => file.includes(name))
        .map(({ reason }) => reason)
        .join(' ');
    expect(reasons(join('images', first))).not.toBe('');
    expect(reasons(join('images', 'case-001.png'))).not.toBe('');
    expect(reasons(join('lung', 'case-002.png'))).toContain('empty');
    expect(reasons('wide.png')).toContain('50000');
    expect(reasons('nobody.png')).not.toBe('');
  });

  it('make the import fail if no case is left, and no project is made', async () => {
    const place = await spoilt('nothing', async (at) => {
      for (const name of await readdir(join(at, 'images'))) {
        await writeFile(join(at, 'images', name), '');
      }
    });
    const target = join(folder, 'nothing.overread');
    expectSentence(await overread('create', target, '--from', place), /could be imported/);
    expect(existsSync(target)).toBe(false);
  });

  it('that are masks named unlike all images make the import fail', async () => {
    const place = await spoilt('names', async (at) => {
      for (const structure of ['lung', 'heart']) {
        await rm(join(at, structure), { recursive: true });
        await mkdir(join(at, structure));
        await writeFile(join(at, structure, 'other.png'), await disc(64, [0.5, 0.5, 0.2]));
      }
    });
    const target = join(folder, 'names.overread');
    expectSentence(await overread('create', target, '--from', place), /named like their images/);
    expect(existsSync(target)).toBe(false);
  });

  it('that leave one case are imported, but the project cannot be trained on', async () => {
    const place = await spoilt('one', async (at) => {
      for (const name of (await readdir(join(at, 'images'))).filter((file) => file !== first)) {
        await rm(join(at, 'images', name));
      }
    });
    const target = join(folder, 'one.overread');
    const created = await overread('create', target, '--from', place);
    expect(created.code).toBe(0);
    expect(created.err).toContain('one case only');
    expectSentence(await overread('train', target), /one case .* at least two/);
  });

  it('that are empty in one whole structure are imported with a warning', async () => {
    const place = await spoilt('empty', async (at) => {
      for (const name of await readdir(join(at, 'heart'))) {
        await writeFile(join(at, 'heart', name), await disc(64, [0.5, 0.5, 0]));
      }
    });
    const created = await overread('create', join(folder, 'empty.overread'), '--from', place);
    expect(created.code).toBe(0);
    expect(created.err).toMatch(/Every label of .heart. is empty/);
  });
});

describe('bad places', { timeout: 300_000 }, () => {
  it('for a project inside the dataset or around it are refused', async () => {
    const inside = join(dataset, 'inside.overread');
    expectSentence(await overread('create', inside, '--from', dataset), /inside the dataset/);
    expect(existsSync(inside)).toBe(false);
    const around = join(folder, 'around');
    await cp(dataset, join(around, 'dataset'), { recursive: true });
    const given = await overread('create', around, '--from', join(around, 'dataset'));
    expectSentence(given, /must be apart/);
    expect(await readdir(around)).toEqual(['dataset']);
  });

  it('that hold no project, or one of a newer version, are refused', async () => {
    expectSentence(await overread('rank', join(folder, 'nowhere')), /no folder/);
    expectSentence(await overread('rank', dataset), /not an Overread project/);
    const newer = join(folder, 'newer.overread');
    await cp(project, newer, { recursive: true });
    const db = Database.open(join(newer, 'project.db'));
    db.exec('PRAGMA user_version = 9999;');
    db.close();
    expectSentence(await overread('rank', newer), /newer version/);
  });

  it.skipIf(process.getuid?.() === 0)('that may not be written are refused', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o555);
    const target = join(closed, 'a.overread');
    expectSentence(
      await overread('create', target, '--from', dataset),
      /permission|may not|read-only/,
    );
  });

  it('for an export that hold files already are left as they are', async () => {
    const out = join(folder, 'exported');
    await mkdir(out);
    await writeFile(join(out, 'mine.txt'), 'mine');
    expectSentence(await overread('export', project, out), /not empty/);
    expect(await readdir(out)).toEqual(['mine.txt']);
  });

  it('that another command is writing to are refused with the name of that command', async () => {
    const serving = start(['serve', project]);
    while (!serving.out().includes('http')) await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await overread('verdict', project, 'case-000', 'accepted');
    serving.child.kill('SIGINT');
    expect((await serving.ended).code).toBe(0);
    expectSentence(second, /overread serve/);
    expect((await overread('verdict', project, 'case-000', 'accepted')).code).toBe(0);
  });
});

describe('bad arguments', { timeout: 300_000 }, () => {
  it('of the command line end with exit code 2 and a sentence on what was expected', async () => {
    expectSentence(await overread('trian', project), /unknown command/, 2);
    expectSentence(await overread('rank', project, '--top', '0'), /1 or more/, 2);
    expectSentence(await overread('create', project), /--from/, 2);
    expectSentence(await overread('verdict', project, 'case-000', 'splendid'), /accepted/, 2);
    expectSentence(await overread('train', project, '--resume', '--epochs', '3'), /--resume/, 2);
  });

  it('that name something that does not exist end with exit code 1 and a hint', async () => {
    const verdict = (id: string, structure: string) =>
      overread('verdict', project, id, 'flagged', '--structure', structure);
    expectSentence(await verdict('case-00', 'lung'), /did you mean "case-000"/);
    expectSentence(await verdict('case-000', 'liver'), /lung/);
    expectSentence(await overread('rank', project), /no scores/);
    expectSentence(await overread('score', project), /overread train/);
    expectSentence(await overread('train', project, '--resume'), /no unfinished/);
    expectSentence(await overread('train', project, '--size', '65'), /multiple of 16/);
  });

  it('with a mask of another aspect ratio leave the label as it is', async () => {
    const mask = join(folder, 'oblong.png');
    const { encodePng } = await import('../../../audit/codecs/png.ts');
    const data = new Uint8Array(64 * 32);
    await writeFile(mask, await encodePng({ width: 64, height: 32, bits: 8, data }));
    const args = ['replace', project, 'case-000', '--structure', 'lung', '--mask'];
    expectSentence(await overread(...args, mask), /another aspect ratio/);
    expectSentence(await overread(...args, join(folder, 'gone.png')), /gone\.png/);
    const { out } = await overread('history', project, 'case-000', '--json');
    expect(JSON.parse(out)).toHaveLength(2);
  });
});
