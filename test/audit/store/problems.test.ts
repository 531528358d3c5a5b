/** Errors of SQLite and of the disk reach a person as sentences; what needs no space works on a full disk. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../../audit/store/database.ts';
import { explainProblem } from '../../../audit/store/problems.ts';
import { openProject } from '../../../audit/store/project.ts';
import { createIn, makeCase, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

/** The error of `work`. */
function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('there was no error');
}

/** A database of one table, with SQLite's real errors. */
function filled(file: string): void {
  const db = new DatabaseSync(file);
  db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT) STRICT');
  const insert = db.prepare('INSERT INTO t (text) VALUES (?)');
  for (let n = 0; n < 500; n += 1) insert.run('x'.repeat(500));
  db.close();
}

const QUERY = 'SELECT * FROM t';
const INSERT = `INSERT INTO t (text) VALUES ('${'x'.repeat(2000)}') RETURNING id`;

describe('an error of SQLite', () => {
  // `all` throws errors without a code, so that only the words tell.
  it.each([
    ['full', /There is no space left for the project/, 'disk-full'],
    ['busy', /is busy in another process/, 'locked'],
    ['read-only', /cannot be written/, 'read-only'],
    ['corrupt', /is damaged/, 'bad-file'],
    ['no database', /is damaged/, 'bad-file'],
  ] as const)('is explained from its words, too: %s', (kind, told, code) => {
    const file = path.join(place.folder, 'project.db');
    filled(file);
    const other = new DatabaseSync(file);
    const error = errorOf(() => {
      if (kind === 'corrupt' || kind === 'no database') {
        other.close();
        const bytes = readFileSync(file);
        const page = 4096;
        if (kind === 'corrupt') bytes.fill(0x55, 2 * page, bytes.length - page);
        else bytes.fill(0x55, 0, 32);
        writeFileSync(file, bytes);
      }
      if (kind === 'busy') other.exec('BEGIN EXCLUSIVE');
      const db = new DatabaseSync(file, { readOnly: kind === 'read-only', timeout: 0 });
      try {
        if (kind === 'full') {
          const [{ page_count: pages }] = db.prepare('PRAGMA page_count').all() as never[];
          db.exec(`PRAGMA max_page_count = ${Number(pages)}`);
          for (;;) db.prepare(INSERT).all();
        }
        db.prepare(kind === 'read-only' ? INSERT : QUERY).all();
      } finally {
        db.close();
        if (kind === 'busy') other.close();
      }
    });
    const said = explainProblem(error, '/data/chest.overread');
    expect(said).toMatchObject({ name: 'UserError', code });
    expect((said as Error).message).toMatch(told);
  });

  it('reaches the caller of `all` as a sentence', () => {
    const file = path.join(place.folder, 'project.db');
    filled(file);
    const db = Database.open(file);
    db.exec('PRAGMA max_page_count = 1');
    const fill = (): void => {
      for (;;) db.all(INSERT);
    };
    expect(fill).toThrow(/There is no space left for the project/);
    db.close();
  });

  it('that is none of these stays as it is', () => {
    const error = new Error('no such table: t');
    expect(explainProblem(error, '/data')).toBe(error);
  });
});

const root = process.platform === 'linux' && process.getuid?.() === 0;

/** Mounts a file system of 1 MB. @returns whether this machine allows that */
function mounted(folder: string): boolean {
  if (!root) return false;
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  it('lets a person read and verify, also what only the WAL holds', async (context) => {
    const disk = path.join(place.folder, 'disk');
    if (!mounted(disk)) context.skip('no right to mount a small file system here');
    try {
      const small = { ...place, project: path.join(disk, 'a.overread') };
      const writer = await createIn(small);
      await writer.addCases([makeCase(small, 1)]);
      writer.setVerdict('case 1', 'lung', 'flagged', { author: 'Ada' });
      // The process ends without closing: its changes are in the WAL.
      const files = ['project.db', 'project.db-wal'].map((name) => path.join(small.project, name));
      const kept = files.map((file) => readFileSync(file));
      writer.close();
      // New files: SQLite remembers the old ones as long as this process runs.
      for (const end of ['', '-wal', '-shm']) rmSync(`${files[0]}${end}`, { force: true });
      files.forEach((file, n) => writeFileSync(file, kept[n]));
      // Fills the disk to its last byte.
      expect(() => writeFileSync(path.join(disk, 'rest'), Buffer.alloc(2 ** 21))).toThrow('ENOSPC');

      const reader = await openProject(small.project);
      expect(reader.case('case 1')?.labels[0].verdict).toBe('flagged');
      expect(await reader.verify({ images: true })).toEqual([]);
      reader.close();
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });
});
