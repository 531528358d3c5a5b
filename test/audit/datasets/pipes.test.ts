/** A dataset that holds pipes, devices, sockets and links that lead in circles: nothing waits for them. */
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnreadableFile, answered } from '../../../audit/regular.ts';
import { runHere } from '../cli/here.ts';
import type { Written } from '../cli/here.ts';
import { removeFolder, start, temporaryFolder, writeDiscs } from '../cli/overread.ts';

let folder: string;
let data: string;
let project: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder, 'data');
  project = join(folder, 'p.overread');
  await writeDiscs(data, 3, 24);
});
afterEach(() => removeFolder(folder));

/** Puts something in the place of a file of the dataset. */
function replace(name: string, by: 'pipe' | 'device' | 'socket' | 'loop'): () => void {
  const file = join(data, name);
  rmSync(file, { force: true });
  if (by === 'pipe') execFileSync('mkfifo', [file]);
  if (by === 'device') symlinkSync('/dev/zero', file);
  if (by === 'loop') symlinkSync(file, file);
  if (by !== 'socket') return () => undefined;
  // A short name, because that of a socket has 100 bytes at most.
  const server = createServer().listen(join('/tmp', `overread-${process.pid}.socket`));
  symlinkSync(join('/tmp', `overread-${process.pid}.socket`), file);
  return () => server.close();
}

const create = (): Promise<Written> => runHere('create', project, '--from', data, '--json');

describe.skipIf(process.platform === 'win32')('a file that is none', () => {
  it.each([
    ['images/case-001.png', 'pipe', /is a pipe, a device or a socket/],
    ['images/case-001.png', 'device', /is a pipe, a device or a socket/],
    ['images/case-001.png', 'socket', /is a pipe, a device or a socket/],
    ['images/case-001.png', 'loop', /is a link that goes round/],
    ['lung/case-001.png', 'pipe', /is a pipe, a device or a socket/],
  ] as const)('%s as a %s is left out with a sentence', async (name, by, why) => {
    const stop = replace(name, by);
    const { code, out, err } = await create();
    expect([code, err]).toEqual([0, expect.anything()]);
    expect(out).toMatch(why);
    expect(JSON.parse(out)).toMatchObject({ cases: name.startsWith('images') ? 2 : 3 });
    stop();
  });

  it.each(['annotations.json', 'legend.json', 'labelmap.txt', 'data.yaml', '_classes.csv'])(
    'does not stop the guess of the format: %s',
    async (name) => {
      replace(name, 'pipe');
      expect((await create()).code).toBe(0);
    },
  );

  it('that took the place of an image after the import stops neither verify nor export', async () => {
    expect((await create()).code).toBe(0);
    replace('images/case-001.png', 'pipe');
    expect((await runHere('verify', project)).out).toMatch(/case-001\.png .* is missing or unread/);
    const { code, err } = await runHere('export', project, join(folder, 'out'));
    expect([code, err]).toEqual([1, expect.stringMatching(/case-001\.png/)]);
  });

  it('given as a mask is refused', async () => {
    expect((await create()).code).toBe(0);
    replace('new.png', 'pipe');
    const mask = join(data, 'new.png');
    const given = ['replace', project, 'case-001', '--structure', 'lung', '--mask', mask];
    expect((await runHere(...given)).err).toMatch(/new\.png is a pipe, a device or a socket/);
  });
});

describe.skipIf(process.platform === 'win32')('a link to a folder', () => {
  it('that leads up is refused in one sentence', async () => {
    symlinkSync('..', join(data, 'images', 'up'));
    const { code, err } = await create();
    expect([code, err]).toEqual([1, expect.stringMatching(/link .*up leads up to .*: remove the/)]);
    unlinkSync(join(data, 'images', 'up'));
    symlinkSync(folder, join(data, 'images', 'up'));
    expect((await create()).err).toMatch(/leads up to/);
  });

  it('elsewhere is followed', async () => {
    const away = join(folder, 'away');
    execFileSync('mv', [join(data, 'images'), away]);
    symlinkSync(away, join(data, 'images'));
    expect(JSON.parse((await create()).out)).toMatchObject({ cases: 3 });
  });
});

describe('a disk that does not answer', () => {
  const never = new Promise<never>(() => undefined);
  const refusal = (): Error => new UnreadableFile('/mnt/a.png', 'is late.');

  it('is told after a while', async () => {
    await expect(answered(never, refusal, 10)).rejects.toThrow('/mnt/a.png is late.');
    await expect(answered(Promise.resolve(1), refusal, 10)).resolves.toBe(1);
  });

  it.skipIf(process.platform === 'win32')(
    'does not keep Ctrl-C from ending the process',
    async () => {
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      // A read that never ends, as of a stalled drive, in the process of a command.
      const stall = join(folder, 'stall.mjs');
      const code = `import fs from 'node:fs'; fs.open(${JSON.stringify(pipe)}, 'r', () => 0);`;
      writeFileSync(stall, code);
      const { child, ended } = start(['serve'], {
        env: { ...process.env, NODE_OPTIONS: `--import=${pathToFileURL(stall).href}` },
      });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 300));
      child.kill('SIGINT');
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, 20_000);
      const { signal } = await ended;
      clearTimeout(timer);
      expect([late, signal]).toEqual([false, 'SIGKILL']);
    },
  );
});
