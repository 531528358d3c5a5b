/** `overread setup` fetches nothing without a checksum, and says what a machine lacks. Needs a build. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../../dist/audit/cli/main.js', import.meta.url));
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overread-setup-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the set-up where there are no programs but Node. @param platform what Node says it runs on */
function setUp(platform: string | null, more: Record<string, string> = {}) {
  symlinkSync(process.execPath, join(folder, 'node'));
  const file = join(folder, 'platform.mjs');
  const fake = `Object.defineProperty(process, 'platform', { value: '${platform}' });`;
  // Only the module that decides sees the other platform.
  writeFileSync(file, platform === null ? '' : fake);
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'setup'], {
    encoding: 'utf8',
    env: {
      ...{ PATH: folder, HOME: folder, OVERREAD_CACHE: join(folder, 'cache') },
      ...{ OVERREAD_CONFIG: join(folder, 'config'), OVERREAD_TENSORFLOW: 'cpu' },
      NODE_OPTIONS: `--import=${pathToFileURL(file).href}`,
      ...more,
    },
  });
  return { status, said: stderr.trim().split('\n').at(-1) };
}

it.skipIf(process.platform !== 'linux')('names what it needs, and fetches nothing else', () => {
  const { status, said } = setUp(null);
  expect([status, said]).toEqual([
    1,
    expect.stringMatching(
      /^overread: TensorFlow's set-up needs a C\+\+ compiler .* webgpu or wasm\.$/,
    ),
  ]);
  expect(readdirSync(join(folder, 'cache'))).toEqual([]);
});

it.skipIf(process.platform === 'win32')(
  'fetches nothing on a system without a published checksum',
  () => {
    const { status, said } = setUp('sunos');
    expect([status, said]).toEqual([
      1,
      expect.stringMatching(
        /^overread: No TensorFlow with a published checksum is known for sunos .*\.$/,
      ),
    ]);
    expect(readdirSync(join(folder, 'cache'))).toEqual([]);
  },
);
