/**
 * Tests the packaged application. `npm run e2e -- packaged` makes it and then runs this file. The tests
 * drive it through Chromium's remote debugging, since its fuses turn off the remote debugging of Node.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Task } from '../../audit/contract/api.ts';
import { DEMO_CASES, folderHash, makeDemo, makeGround } from '../e2e/fixture.ts';
import type { Ground } from '../e2e/fixture.ts';
import { openDemo, review, trainAgain } from '../e2e/walk.ts';
import {
  ROOT,
  SWITCHES,
  environment,
  family,
  findDesktop,
  gone,
  hasOpened,
  listening,
  until,
} from './launch.ts';

const PROGRAM = join(ROOT, 'dist-package/linux-unpacked/overread');

const asked = process.env['OVERREAD_PACKAGED'] === '1';
const desktop = asked && existsSync(PROGRAM) ? await findDesktop() : null;

/** A training of a second or two, on the backend that runs everywhere. */
const TINY = {
  training: { epochs: 3, batch: 2, width: 4, levels: 2, qamWidths: [4, 4], patience: null },
  size: 32,
  backend: 'wasm',
  fresh: true,
};

describe.skipIf(desktop === null)('the packaged application', { timeout: 300_000 }, () => {
  let ground: Ground;
  let child: ChildProcess;
  let said = '';

  beforeAll(() => {
    ground = makeGround();
    makeDemo(ground);
  });
  afterEach(async () => {
    const all = family(child?.pid ?? -1);
    child?.kill('SIGKILL');
    await until('it is gone', () => all.every(({ pid }) => gone(pid)));
  });
  afterAll(() => ground?.remove());

  function start(args: readonly string[], extra: Record<string, string> = {}): number {
    said = '';
    child = spawn(PROGRAM, [...SWITCHES, ...args], {
      env: {
        ...environment(desktop!, ground.config),
        OVERREAD_DEMO: dirname(ground.project),
        ...extra,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    return child.pid ?? -1;
  }

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(PROGRAM);
    const state = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE;
    expect(state(FuseV1Options.RunAsNode)).toBe(false);
    expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
    expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
    expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
    expect(state(FuseV1Options.EnableCookieEncryption)).toBe(true);
    expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
    expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
  });

  it('opens no port, and starts neither Node nor its debugger', async () => {
    const pid = start(['--inspect=0', ground.project], {
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--inspect=0',
    });
    await until('the window has opened the project', () => {
      const renderer = family(pid).some(({ command }) => command.includes('--type=renderer'));
      return renderer && hasOpened(ground.config);
    });
    const all = family(pid).map((one) => one.pid);
    expect(all.length).toBeGreaterThan(3);
    expect(listening(all)).toEqual([]);
    expect(said).not.toMatch(/Debugger listening/);
  });

  it('opens the demo from the start screen, reviews it and trains on it', async () => {
    start(['--remote-debugging-port=0']);
    await until('it can be driven', () => said.includes('DevTools listening on'));
    const address = /DevTools listening on (\S+)/.exec(said)?.[1] ?? '';
    const browser = await chromium.connectOverCDP(address);
    const [context] = browser.contexts();
    const page = context.pages()[0] ?? (await context.waitForEvent('page'));
    await page.locator('main:not([aria-busy="true"])').waitFor();
    expect(page.url()).toBe('overread://app/');
    const dataset = folderHash(ground.dataset);
    await openDemo(page);
    await review(page, DEMO_CASES);
    // The training takes the first backend in the package that works on this machine.
    await trainAgain(page, { epochs: 3, size: 32 });

    const ask = (path: string, json?: unknown): Promise<unknown> =>
      page.evaluate(
        async ([path, body]) => {
          const headers = { 'content-type': 'application/json' };
          const options = body === null ? {} : { method: 'POST', headers, body };
          return (await fetch(path, options)).json();
        },
        [path, json === undefined ? null : JSON.stringify(json)] as const,
      );
    const { id } = (await ask('/api/runs', TINY)) as Task;
    let task: Task | undefined;
    await until('the training has ended', async () => {
      task = (await ask(`/api/tasks/${id}`)) as Task;
      return task.state !== 'running';
    });
    expect(task).toMatchObject({ state: 'done', error: null });
    // The package trained on the same backend as the command line did, and the tiny training on
    // WebAssembly.
    const { runs } = (await ask('/api/runs')) as { runs: { summary: { backend: string } }[] };
    const [first, again, tiny] = runs.map(({ summary }) => summary.backend);
    expect(again).toBe(first);
    expect(tiny).toBe('wasm');
    expect(folderHash(ground.dataset)).toBe(dataset);
    await browser.close();
  });
});
