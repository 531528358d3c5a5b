import { readdirSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EpochMetrics } from '../../../trainer/messages.ts';
import { disc, overread, removeFolder, start, temporaryFolder, writeDiscs } from './overread.ts';
import type { Started } from './overread.ts';

let folder = '';
beforeAll(async () => {
  folder = await temporaryFolder();
}, 60_000);
afterAll(() => removeFolder(folder));

/** Waits until `seen` returns true or the command has ended. */
async function until(command: Started, seen: () => boolean): Promise<void> {
  let over = false;
  void command.ended.then(() => (over = true));
  while (!over && !seen()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** The number of files in a folder and its subfolders; 0 if there is no such folder. */
function filesIn(place: string): number {
  try {
    const entries = readdirSync(place, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length;
  } catch {
    return 0;
  }
}

/** The ids of a process's children, read from `/proc` (Linux only). */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return parent === pid ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
}

const CLEAN = 'The project is intact.\n';

describe.skipIf(process.platform === 'win32')('Ctrl-C', { timeout: 120_000 }, () => {
  it('during an import prints how many cases were imported, and the same command completes it', async () => {
    const dataset = join(folder, 'cancelled');
    const project = join(folder, 'cancelled.overread');
    await writeDiscs(dataset, 150, 96);
    const command = start(['create', project, '--from', dataset]);
    // One of the files is the copy of the audit log.
    await until(command, () => filesIn(join(project, 'labels')) > 1);
    command.child.kill('SIGINT');
    const { code, err } = await command.ended;
    expect(code).toBe(130);
    const taken = Number(
      /Cancelled: (\d+) of 150 cases were imported; run the same/.exec(err)?.[1],
    );
    expect(taken).toBeGreaterThan(0);
    const again = await overread('create', project, '--from', dataset, '--json');
    expect(JSON.parse(again.out)).toMatchObject({ known: taken, cases: 150 - taken });
  });

  it('during a training prints the command that continues it', async () => {
    const dataset = join(folder, 'stopped');
    const project = join(folder, 'stopped.overread');
    await writeDiscs(dataset, 8, 32);
    await overread('create', project, '--from', dataset);
    const quick = ['--epochs', '500', '--size', '32', '--batch', '4', '--backend', 'wasm'];
    const command = start(['train', project, ...quick]);
    await until(command, () => command.out().includes('Epoch'));
    command.child.kill('SIGINT');
    const { code, err } = await command.ended;
    expect(code).toBe(130);
    expect(err).toContain(`To continue: overread train '${project}' --resume`);
  });
});

describe('kill -9', { timeout: 300_000 }, () => {
  it('during an import leaves an intact project, and the same command completes it', async () => {
    const dataset = join(folder, 'many');
    const project = join(folder, 'many.overread');
    await writeDiscs(dataset, 150, 96);
    const command = start(['create', project, '--from', dataset]);
    await until(command, () => filesIn(join(project, 'labels')) > 0);
    command.child.kill('SIGKILL');
    expect((await command.ended).signal).toBe('SIGKILL');
    expect(await overread('verify', project)).toMatchObject({ code: 0, out: CLEAN });
    const again = await overread('create', project, '--from', dataset, '--json');
    expect(again.code).toBe(0);
    const { cases, known } = JSON.parse(again.out) as { cases: number; known: number };
    expect(cases).toBeGreaterThan(0);
    expect(cases + known).toBe(150);
    expect(await overread('verify', project)).toMatchObject({ code: 0, out: CLEAN });
  });

  it('while a mask is replaced leaves an intact project, and the same command completes it', async () => {
    const dataset = join(folder, 'few');
    const project = join(folder, 'few.overread');
    await writeDiscs(dataset, 4, 64);
    await overread('create', project, '--from', dataset);
    const mask = join(folder, 'corrected.png');
    await writeFile(mask, await disc(64, [0.4, 0.4, 0.25]));
    const args = ['replace', project, 'case-001', '--structure', 'lung', '--mask', mask];
    const before = filesIn(join(project, 'labels'));
    const command = start(args);
    await until(command, () => filesIn(join(project, 'labels')) !== before);
    command.child.kill('SIGKILL');
    await command.ended;
    expect(await overread('verify', project)).toMatchObject({ code: 0, out: CLEAN });
    expect((await overread(...args)).code).toBe(0);
    const { out } = await overread('history', project, 'case-001', '--json');
    const revisions = JSON.parse(out) as { structure: string; number: number }[];
    expect(revisions.filter(({ structure }) => structure === 'lung')).toHaveLength(2);
    expect(await overread('verify', project)).toMatchObject({ code: 0, out: CLEAN });
  });

  it.skipIf(process.platform !== 'linux')(
    'of the command, then of the trainer, repeats at most an epoch each, and the curve continues',
    async () => {
      const dataset = join(folder, 'train');
      const project = join(folder, 'train.overread');
      await writeDiscs(dataset, 8, 32);
      await overread('create', project, '--from', dataset);
      const epochs = 8;
      const quick = ['--size', '32', '--batch', '4', '--warm-up', '1', '--backend', 'wasm'];
      const reached = (command: Started): number => {
        const found = [...command.out().matchAll(/"type":"checkpoint","epoch":(\d+)/g)];
        return Number(found.at(-1)?.[1] ?? 0);
      };

      const first = start(['train', project, '--epochs', String(epochs), ...quick, '--json']);
      await until(first, () => reached(first) >= 2);
      const orphans = childrenOf(first.child.pid ?? -1);
      expect(orphans).toHaveLength(1);
      first.child.kill('SIGKILL');
      await first.ended;
      const afterFirst = reached(first);

      const second = start(['train', project, '--resume', '--json']);
      await until(second, () => reached(second) >= 4);
      const resumedAt = Number(/"type":"started".*?"epoch":(\d+)/.exec(second.out())?.[1]);
      expect(resumedAt).toBeGreaterThanOrEqual(afterFirst);
      for (const trainer of childrenOf(second.child.pid ?? -1)) process.kill(trainer, 'SIGKILL');
      const crash = await second.ended;
      expect(crash.code).toBe(1);
      expect(crash.err).toMatch(/trainer ended unexpectedly by signal SIGKILL/);

      const third = await overread('train', project, '--resume', '--json');
      expect(third.code).toBe(0);
      const { id, status } = z
        .object({ run: z.object({ id: z.string(), status: z.string() }) })
        .parse(JSON.parse(third.out.trim().split('\n').at(-1) ?? '')).run;
      expect(status).toBe('done');
      const lines = await readFile(join(project, 'runs', id, 'metrics.jsonl'), 'utf8');
      const metrics = lines
        .trim()
        .split('\n')
        .map((line) => EpochMetrics.parse(JSON.parse(line)));
      expect(metrics.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      expect(metrics[7].loss).toBeLessThan(metrics[0].loss);
      expect((await overread('rank', project, '--json')).code).toBe(0);
      expect(await overread('verify', project)).toMatchObject({ code: 0, out: CLEAN });
    },
  );
});
