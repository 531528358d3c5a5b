/** The browser gets the address with its token from a file, because everybody can read a process's arguments. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { serveUntilDone } from '../../../audit/cli/commands/serve.ts';
import { createTerminal } from '../../../audit/cli/terminal.ts';
import { StandInNeeded, setUpRuntime } from '../../../electron/runtime/set-up.ts';

const root = mkdtempSync(join(tmpdir(), 'overread-browser-'));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

it.skipIf(process.platform !== 'linux')('no argument of a process holds the token', async () => {
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  const told = join(root, 'told.txt');
  writeFileSync(
    join(bin, 'xdg-open'),
    `#!/bin/sh\necho "$@" > ${told}.new; mv ${told}.new ${told}\n`,
  );
  chmodSync(join(bin, 'xdg-open'), 0o755);
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH'] ?? ''}`);
  vi.stubEnv('DISPLAY', ':99');
  vi.stubEnv('OVERREAD_CONFIG', join(root, 'config'));
  const stop = new AbortController();
  let printed = '';
  const sink = { isTTY: false, write: (text: string) => (printed += text) };
  const serving = serveUntilDone(
    {
      terminal: createTerminal(sink, sink, { quiet: true }),
      signal: stop.signal,
      env: process.env,
      interactive: false,
    },
    { browser: true },
  );
  await vi.waitFor(() => expect(existsSync(told)).toBe(true), { timeout: 10_000 });
  const address = readFileSync(told, 'utf8').trim();
  const token = /token=([\w-]+)/.exec(printed)?.[1] ?? '';
  expect(token.length).toBeGreaterThan(40);
  expect(address).toMatch(/^file:\/\/.*\.html$/);
  expect(address).not.toContain(token);
  const page = fileURLToPath(address);
  expect((statSync(page).mode & 0o777).toString(8)).toBe('600');
  expect(readFileSync(page, 'utf8')).toContain(`?token=${token}"`);
  stop.abort();
  await serving;
  expect(existsSync(page)).toBe(false);
});

it('an Electron of another maker is not used unasked', { timeout: 120_000 }, async () => {
  vi.stubEnv('ELECTRON_MIRROR', 'http://127.0.0.1:9/');
  const got = await setUpRuntime({
    standIn: false,
    report: () => undefined,
    notice: () => undefined,
  }).catch((error: unknown) => error);
  if (got instanceof Error) {
    // Where the stand-in does not run at all, the error is a plain one.
    expect(got.message).toMatch(/^Electron cannot be downloaded: /);
    const fits = process.platform === 'linux' && process.arch === 'x64';
    expect(got instanceof StandInNeeded).toBe(fits);
  } else expect(got).toMatchObject({ origin: expect.not.stringMatching('stand-in') as string });
});
