/** Several processes use one project, and some of them are killed. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

/** Resolves when the child prints something or ends. */
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
  it('leaves an intact project that the next process can write to, many times', async () => {
    let most = 0;
    for (let round = 0; round < 12; round++) {
      const child = start('write');
      // Every third round is killed while it creates or opens the project, the others while they write.
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
    // Opening the project adds the audit rows of imports that were killed before they wrote theirs.
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

describe('the lock of a project', () => {
  it('is refused to a second writer with the name of its holder, and ends with its process', async () => {
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

  it('also works within one process, and tells a reader which runs are alive', async () => {
    const writer = await createIn(place);
    const run = writer.startRun({});
    await expect(openProjectForWriting(place.project, { purpose: 'test' })).rejects.toThrow(
      /being written by "overread create"/,
    );
    const reader = await openProject(place.project);
    expect(reader.run(run.id)?.status).toBe('running');
    // The reader's check whether the run is alive did not release the writer's lock.
    await expect(openProjectForWriting(place.project, { purpose: 'test' })).rejects.toThrow();
    writer.close();
    expect(reader.run(run.id)?.status).toBe('interrupted');
    const next = await openProjectForWriting(place.project, { purpose: 'test' });
    // A run whose writer has closed stays interrupted, although another writer has the lock now.
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
    'can be read, and opening it for writing is refused in a sentence',
    async () => {
      const writer = await createIn(place);
      await writer.addCases([makeCase(place, 1)]);
      // The other user trusts the project, too.
      const config = path.join(place.folder, 'config');
      vi.stubEnv('OVERREAD_CONFIG', config);
      writer.trust();
      vi.unstubAllEnvs();
      chmodSync(config, 0o755);
      for (const name of readdirSync(path.join(config, 'trusted'))) {
        chmodSync(path.join(config, 'trusted', name), 0o644);
      }
      writer.close();
      const names = readdirSync(place.project);
      chmodSync(place.folder, 0o755);
      for (const name of names)
        chmodSync(path.join(place.project, name), name.includes('.') ? 0o444 : 0o555);
      chmodSync(place.project, 0o555);
      // Root can write everywhere, so the child runs as the user nobody if the test runs as root.
      const nobody = root ? { uid: 65534, gid: 65534 } : {};
      const output = execFileSync(process.execPath, [script, 'try', place.project], {
        encoding: 'utf8',
        cwd: '/',
        env: { ...process.env, OVERREAD_CONFIG: config },
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

/** Mounts a small file system in memory. @returns whether that worked; only root on Linux can mount one */
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
  it('is reported in a clear message, and the project loses nothing', async (context) => {
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
