import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeProject } from '../audit/server/project.ts';
import { ROOT, environment, family, findDesktop, gone, programs, until } from './launch.ts';

const desktop = await findDesktop();

describe.skipIf(desktop === null)('overread open', { timeout: 300_000 }, () => {
  let root: string;
  let folder: string;
  let child: ChildProcess | null = null;
  let said = '';

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-open-'));
    folder = await makeProject(root, 2);
    said = '';
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  function open(display: string | undefined): Promise<number | null> {
    const env: Record<string, string | undefined> = environment(desktop!, join(root, 'config'));
    env['DISPLAY'] = display;
    env['WAYLAND_DISPLAY'] = undefined;
    const command = [join(ROOT, 'dist/audit/cli/main.js'), 'open', folder, '--older-electron'];
    child = spawn(process.execPath, command, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    }
    return new Promise((resolve) => child?.once('close', resolve));
  }

  it('opens the window, and closes it when the command ends', async () => {
    const ended = open(desktop!.display);
    const pid = child?.pid ?? -1;
    await until('the window is there', () => {
      const renderer = family(pid).some(({ command }) => command.includes('--type=renderer'));
      return renderer && programs(pid).length > 0;
    });
    const all = family(pid).map((one) => one.pid);
    child?.kill('SIGTERM');
    await ended;
    await until('nothing is left', () => all.every(gone));
    expect(said).not.toMatch(/http:/);
  });

  it('says why there is no window, and serves the project to a browser instead', async () => {
    const ended = open(undefined);
    await until('the address is there', () => /http:\/\/127\.0\.0\.1:\d+\/\?token=/.test(said));
    expect(said).toContain('The desktop application cannot open: there is no display here.');
    child?.kill('SIGTERM');
    await ended;
  });
});
