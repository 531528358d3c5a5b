/** Several processes on one project, and processes that are killed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import type { Finding } from '../../../audit/store/types.ts';
import { createIn, makeCase, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

const script = fileURLToPath(new URL('./child.mjs', import.meta.url));
const root = process.platform !== 'win32' && process.getuid?.() === 0;

let place: Place;
const children: ChildProcess[] = [];
beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  place.remove();
});

function start(mode: string): ChildProcess {
  const child = spawn(process.execPath, [script, mode, place.project, place.dataset], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

/** Resolves when the child prints something, or ends. */
async function ready(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('the child has no output');
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const errors = (findings: readonly Finding[]): string[] =>
  findings.filter((item) => item.severity === 'error').map((item) => item.message);

describe('kill -9', () => {
  it('leaves a sound project that the next process writes on, many times', async () => {
    let most = 0;
    for (let round = 0; round < 12; round++) {
      const child = start('write');
      // Odd rounds are killed while opening or creating the project, even rounds while writing.
      if (round % 3 === 0) await sleep(40 + round * 15);
      else {
        await ready(child);
        await sleep(round * 13);
      }
      await kill(child);
      if (!existsSync(path.join(place.project, 'project.db'))) continue;
      const reader = await openProject(place.project);
      expect(errors(await reader.verify())).toEqual([]);
      expect(reader.runs().every((run) => run.status !== 'running')).toBe(true);
      expect(reader.counts.cases).toBeGreaterThanOrEqual(most);
      most = reader.counts.cases;
      reader.close();
    }
    expect(most).toBeGreaterThan(0);
    const writer = await openProjectForWriting(place.project, { purpose: 'test' });
    expect(existsSync(path.join(place.project, 'labels', 'tmp'))).toBe(false);
    // Killed imports have got their audit rows.
    const imported = writer
      .auditLog()
      .filter((row) => row.action === 'import')
      .reduce((sum, row) => sum + (row.detail as { cases: number }).cases, 0);
    expect(imported).toBe(writer.counts.cases);
    expect(errors(await writer.verify())).toEqual([]);
    writer.close();
    // Starting twelve processes takes a while on a busy machine.
  }, 240_000);
});

describe('the lock', () => {
  it('names its holder to a second writer, admits readers, and ends with its process', async () => {
    const holder = start('hold');
    await ready(holder);
    const told = new RegExp(
      `being written by "overread hold" \\(process ${holder.pid} on \\S+ since`,
    );
    await expect(openProjectForWriting(place.project, { purpose: 'test' })).rejects.toThrow(told);
    const reader = await openProject(place.project);
    expect(reader.counts.cases).toBe(0);
    reader.close();
    await kill(holder);
    (await openProjectForWriting(place.project, { purpose: 'test' })).close();
  });

  it('holds inside one process too, and shows a reader which runs are alive', async () => {
    const writer = await createIn(place);
    const run = writer.startRun({});
    await expect(openProjectForWriting(place.project, { purpose: 'test' })).rejects.toThrow(
      /being written by "overread create"/,
    );
    const reader = await openProject(place.project);
    expect(reader.run(run.id)?.status).toBe('running');
    // The question did not release the lock.
    await expect(openProjectForWriting(place.project, { purpose: 'test' })).rejects.toThrow();
    writer.close();
    expect(reader.run(run.id)?.status).toBe('interrupted');
    const next = await openProjectForWriting(place.project, { purpose: 'test' });
    // A lost run stays interrupted, although another process writes now.
    expect(reader.run(run.id)?.status).toBe('interrupted');
    expect(next.run(run.id)?.status).toBe('interrupted');
    next.resumeRun(run.id);
    expect(reader.run(run.id)?.status).toBe('running');
    next.endRun(run.id, { status: 'done', summary: { auroc: 0.99 } });
    expect(reader.lastRun()).toMatchObject({ id: run.id, summary: { auroc: 0.99 } });
    reader.close();
    next.close();
  });
});

describe('a read-only folder', () => {
  it.skipIf(process.platform === 'win32')(
    'is read, and refuses writing in a sentence',
    async () => {
      const writer = await createIn(place);
      await writer.addCases([makeCase(place, 1)]);
      writer.close();
      const names = readdirSync(place.project);
      chmodSync(place.folder, 0o755);
      for (const name of names)
        chmodSync(path.join(place.project, name), name.includes('.') ? 0o444 : 0o555);
      chmodSync(place.project, 0o555);
      // The superuser can write everywhere, so the child runs as nobody.
      const nobody = root ? { uid: 65534, gid: 65534 } : {};
      const output = execFileSync(process.execPath, [script, 'try', place.project], {
        encoding: 'utf8',
        cwd: '/',
        ...nobody,
      });
      chmodSync(place.project, 0o755);
      chmodSync(path.join(place.project, 'labels'), 0o755);
      const told = JSON.parse(output) as Record<string, unknown>;
      expect(told).toMatchObject({ cases: 1, findings: [] });
      expect(told.writing).toMatch(/^UserError: The project .* cannot be written/);
      expect(readdirSync(place.project)).toEqual(names);
    },
  );
});

/** A real full disk: a small filesystem in memory. Needs the right to mount one. */
function mountSmall(folder: string, kilobytes: number): boolean {
  if (process.platform !== 'linux' || !root) return false;
  try {
    const size = `size=${kilobytes}k`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'none', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  it('ends in a clear message and loses nothing', async (context) => {
    if (!mountSmall(place.folder, 900)) context.skip('no right to mount a small filesystem here');
    try {
      const small = { ...place, dataset: path.join(place.folder, 'away') };
      mkdirSync(small.dataset);
      const writer = await createIn(small);
      let stored = 0;
      let failure: unknown = null;
      while (failure === null && stored < 1000) {
        try {
          await writer.addCases([makeCase(small, stored, 64)]);
          stored++;
        } catch (error) {
          failure = error;
        }
      }
      expect(failure).toMatchObject({
        name: 'UserError',
        message: expect.stringMatching(/no space left/) as string,
      });
      expect(stored).toBeGreaterThan(0);
      expect(writer.counts.cases).toBe(stored);
      expect(await writer.verify()).toEqual([]);
      try {
        writer.close();
      } catch (error) {
        expect(String(error)).toMatch(/no space left/);
      }
      const reader = await openProject(small.project);
      expect(reader.counts.cases).toBe(stored);
      expect(await reader.verify()).toEqual([]);
      reader.close();
    } finally {
      execFileSync('umount', ['--lazy', place.folder]);
    }
  });
});
