/** A database that lost changes is noticed, and `repair` gives them back from the label store and its log. */
import {
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logCopyFile } from '../../../audit/store/logcopy.ts';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { repairProject } from '../../../audit/store/repair.ts';
import type { StoreWriter } from '../../../audit/store/writer.ts';
import { createIn, makeCase, makeMask, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
let file: string;
let old: string;
const by = { author: 'Ada' };

const open = (): Promise<StoreWriter> => openProjectForWriting(place.project, { purpose: 'test' });

beforeEach(async () => {
  place = makePlace();
  file = path.join(place.project, 'project.db');
  old = path.join(place.folder, 'old.db');
  const writer = await createIn(place);
  await writer.addCases([1, 2, 3].map((n) => makeCase(place, n)));
  writer.setVerdict('case 1', 'heart', 'flagged', by);
  writer.close();
  copyFileSync(file, old);
});
afterEach(() => place.remove());

/** What a person does after the copy `old` was made. */
async function review(): Promise<void> {
  const writer = await open();
  writer.setVerdict('case 1', null, 'accepted', { ...by, force: true, comment: 'good' });
  await writer.addRevision('case 2', 'lung', makeMask(16, 16, 9), { ...by, reason: 'replace' });
  writer.setVerdict('case 2', 'lung', 'fixed', by);
  writer.comment('case 3', 'heart', 'odd', by);
  await writer.addRevision('case 3', 'heart', null, { ...by, reason: 'remove' });
  writer.close();
}

async function look(): Promise<{ cases: unknown; log: unknown; findings: string[] }> {
  const reader = await openProject(place.project);
  const log = reader.auditLog().filter(({ action }) => action !== 'repair');
  const findings = (await reader.verify()).map(({ message }) => message);
  const cases = reader.cases();
  reader.close();
  return { cases, log, findings };
}

describe('an old project.db in the place of the newer one', () => {
  it('is noticed by verify, however old it is, and not written', async () => {
    await review();
    copyFileSync(old, file);
    const { findings } = await look();
    expect(findings.join()).toMatch(/lacks 5 changes that were saved until .*"overread repair"/);
    await expect(open()).rejects.toThrow(/lacks 5 changes/);
  });

  it('gets every change back', async () => {
    await review();
    const before = await look();
    copyFileSync(old, file);
    const repaired = await repairProject(place.project, by);
    expect(repaired).toMatchObject({ salvaged: null, givenBack: 5, lost: 0 });
    expect(await look()).toEqual(before);
    expect(before.findings).toEqual([]);
    expect(readdirSync(repaired.kept ?? '')).toContain('project.db');
    // It can be written again.
    const writer = await open();
    writer.setVerdict('case 3', 'lung', 'accepted', by);
    writer.close();
    expect((await look()).findings).toEqual([]);
  });

  it('gets back what it can if a mask is gone, and says what is lost', async () => {
    await review();
    const reader = await openProject(place.project);
    const mask = reader.case('case 2')?.labels[0].mask ?? '';
    reader.close();
    rmSync(path.join(place.project, 'labels', mask.slice(0, 2), `${mask}.mask`));
    copyFileSync(old, file);
    const repaired = await repairProject(place.project, by);
    expect(repaired).toMatchObject({ givenBack: 1, lost: 4 });
    expect(repaired.because).toMatch(/label file .* is missing/);
    expect((await look()).findings).toEqual([]);
  });

  it('is noticed if only a stroke is missing', async () => {
    const writer = await open();
    const mask = await writer.drawn('case 1', 'heart');
    const runs = { before: Uint8Array.of(1), after: Uint8Array.of(0, 1) };
    const pixels = { before: Uint8Array.of(0), after: Uint8Array.of(1) };
    expect(mask?.data[0]).toBe(0);
    writer.appendStroke(
      'case 1',
      'heart',
      { x: 0, y: 0, width: 1, height: 1, ...runs, pixels },
      by,
    );
    writer.close();
    copyFileSync(old, file);
    expect((await look()).findings.join()).toMatch(/lacks 1 stroke that/);
  });
});

describe('the WAL of a killed process', () => {
  /** Leaves the database as a killed process does, with the newest changes in the WAL. */
  async function killed(): Promise<void> {
    const writer = await open();
    writer.setVerdict('case 1', null, 'accepted', { ...by, force: true });
    writer.setVerdict('case 3', null, 'excluded', by);
    const [database, wal] = [readFileSync(file), readFileSync(`${file}-wal`)];
    writer.close();
    // New files: SQLite remembers the old ones as long as this process runs.
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    writeFileSync(file, database);
    writeFileSync(`${file}-wal`, wal);
  }

  it('is read, and nothing is missing', async () => {
    await killed();
    expect((await look()).findings).toEqual([]);
  });

  it.each([
    ['missing', () => rmSync(`${file}-wal`)],
    [
      'cut',
      () => {
        const wal = readFileSync(`${file}-wal`);
        writeFileSync(`${file}-wal`, wal.subarray(0, wal.length >> 1));
      },
    ],
    [
      'damaged',
      () => {
        const wal = readFileSync(`${file}-wal`);
        wal.fill(0x55, 100, 200);
        writeFileSync(`${file}-wal`, wal);
      },
    ],
  ])('is noticed if it is %s, and its changes are given back', async (_, harm) => {
    await killed();
    harm();
    expect((await look()).findings.join()).toMatch(/lacks \d changes? that/);
    const repaired = await repairProject(place.project, by);
    expect(repaired.lost).toBe(0);
    const { findings, cases } = await look();
    expect(findings).toEqual([]);
    expect(cases).toMatchObject([
      { labels: [{ verdict: 'accepted' }, { verdict: 'accepted' }] },
      {},
      { labels: [{ verdict: 'excluded' }, { verdict: 'excluded' }] },
    ]);
  });
});

describe('a damaged database', () => {
  it('is read as far as possible, and the rest comes from the log', async () => {
    await review();
    const { cases } = await look();
    const bytes = readFileSync(file);
    // An index: its table is whole.
    const reader = await openProject(place.project);
    reader.close();
    const pages = bytes.length / 4096;
    let repairedOnce = false;
    for (let page = 2; page < pages; page += 1) {
      const broken = Buffer.from(bytes);
      broken.fill(0x55, page * 4096, (page + 1) * 4096);
      writeFileSync(file, broken);
      const before = existsSync(logCopyFile(place.project))
        ? readFileSync(logCopyFile(place.project))
        : null;
      try {
        await repairProject(place.project, by);
        const after = await look();
        if (after.findings.length === 0) {
          expect(after.cases).toEqual(cases);
          repairedOnce = true;
        }
      } catch (error) {
        expect(error).toMatchObject({ name: 'UserError' });
      }
      if (before) writeFileSync(logCopyFile(place.project), before);
    }
    expect(repairedOnce).toBe(true);
  });
});

it('a project with nothing missing is left as it is', async () => {
  await review();
  const before = readdirSync(place.project);
  expect(await repairProject(place.project, by)).toMatchObject({ kept: null, givenBack: 0 });
  expect(readdirSync(place.project)).toEqual(before);
});
