/**
 * The packaged application, which `npm run e2e -- packaged` makes and then runs this on: driven
 * through Chromium's remote debugging, since its fuses close Node's.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Task } from '../../audit/contract/api.ts';
import { makeProject } from '../audit/server/project.ts';
import {
  ROOT,
  SWITCHES,
  environment,
  family,
  findDesktop,
  listening,
  programs,
  until,
} from './launch.ts';

const PROGRAM = join(ROOT, 'dist-package/linux-unpacked/overread');

const asked = process.env['OVERREAD_PACKAGED'] === '1';
const desktop = asked && existsSync(PROGRAM) ? await findDesktop() : null;

/** A training of a second or two. */
const TINY = {
  training: { epochs: 3, batch: 2, width: 4, levels: 2, qamWidths: [4, 4], patience: null },
  size: 32,
  backend: 'wasm',
  fresh: true,
};

describe.skipIf(desktop === null)('the packaged application', { timeout: 300_000 }, () => {
  let root: string;
  let folder: string;
  let child: ChildProcess;
  let said = '';

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-packaged-'));
    folder = await makeProject(root, 6, false);
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  function start(switches: readonly string[], extra: Record<string, string> = {}): number {
    said = '';
    child = spawn(PROGRAM, [...SWITCHES, ...switches, folder], {
      env: { ...environment(desktop!, join(root, 'config')), ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    return child.pid ?? -1;
  }

  async function shown(pid: number): Promise<void> {
    await until('the window is there', () => {
      const renderer = family(pid).some(({ command }) => command.includes('--type=renderer'));
      return renderer && programs(pid).length > 0;
    });
    await new Promise((resolve) => setTimeout(resolve, 2000));
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

  it('opens no port, and no door to its Node', async () => {
    const pid = start(['--inspect=0'], {
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--inspect=0',
    });
    await shown(pid);
    expect(listening(family(pid).map((one) => one.pid))).toEqual([]);
    expect(said).not.toMatch(/Debugger listening/);
  });

  it('opens a project through its own protocol, trains and scores', async () => {
    start(['--remote-debugging-port=0']);
    await until('it can be driven', () => said.includes('DevTools listening on'));
    const address = /DevTools listening on (\S+)/.exec(said)?.[1] ?? '';
    const browser = await chromium.connectOverCDP(address);
    const [context] = browser.contexts();
    const page = context.pages()[0] ?? (await context.waitForEvent('page'));
    await page.locator('main:not([aria-busy="true"])').waitFor();
    expect(page.url()).toBe('overread://app/');
    const ask = (path: string, json?: unknown): Promise<unknown> =>
      page.evaluate(
        async ([path, body]) => {
          const headers = { 'content-type': 'application/json' };
          const options = body === null ? {} : { method: 'POST', headers, body };
          return (await fetch(path, options)).json();
        },
        [path, json === undefined ? null : JSON.stringify(json)] as const,
      );
    expect(await ask('/api/status')).toMatchObject({ project: { folder } });
    const { id } = (await ask('/api/runs', TINY)) as Task;
    let task: Task | undefined;
    await until('the training has ended', async () => {
      task = (await ask(`/api/tasks/${id}`)) as Task;
      return task.state !== 'running';
    });
    expect(task).toMatchObject({ state: 'done', error: null });
    expect(await ask('/api/status')).toMatchObject({
      project: { run: expect.any(String) as string },
    });
    await browser.close();
  });
});
