/** A project from elsewhere is exported only after the person named its dataset or said that they trust it. */
import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClient } from '../../../audit/contract/client.ts';
import { Home } from '../../../audit/server/home/home.ts';
import { createApp } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import { makeProject } from '../server/project.ts';
import { runHere } from './here.ts';

let root: string;
let own: string;
/** A copy of the project, as if it came on a stick. */
let foreign: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'overread-trust-'));
  own = await makeProject(root, 2);
  foreign = join(root, 'foreign.overread');
  cpSync(own, foreign, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const exported = (project: string, name: string) =>
  runHere('export', project, join(root, name), '--format', 'coco');

it('is refused by export, report and pack with images, in one sentence that says what to do', async () => {
  const refused =
    /^overread: The project .* comes from elsewhere and says that .* "overread trust"\.$/m;
  for (const argv of [
    ['export', foreign, join(root, 'out'), '--format', 'coco'],
    ['report', foreign, join(root, 'out')],
    ['pack', foreign, join(root, 'p.overread.zip'), '--images'],
  ]) {
    const { code, err } = await runHere(...argv);
    expect([argv[0], code, err]).toEqual([argv[0], 1, expect.stringMatching(refused)]);
  }
  expect(existsSync(join(root, 'out'))).toBe(false);
  expect((await runHere('rank', foreign)).code).toBe(0);
  expect((await runHere('verify', foreign)).code).toBe(0);
  expect((await exported(own, 'own')).code).toBe(0);
});

it('is exported after relink, and after trust', async () => {
  expect((await runHere('relink', foreign, join(root, 'data'))).code).toBe(0);
  expect((await exported(foreign, 'relinked')).code).toBe(0);
  const other = join(root, 'other.overread');
  cpSync(own, other, { recursive: true });
  const { code, out } = await runHere('trust', other);
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/^You trust Chest & <friends> in .*other/),
  ]);
  expect((await exported(other, 'trusted')).code).toBe(0);
});

/** Every file of a folder with what a write would change. */
const stateOf = (folder: string): unknown =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mtimeMs, ctimeMs, ino } = lstatSync(join(folder, name));
      return [name, size, mtimeMs, ctimeMs, ino];
    });

it('is only read until the person trusts it: no command and no route writes to its folder', async () => {
  const before = stateOf(foreign);
  const mask = join(root, 'data', '0.png');
  const refused =
    /^overread: The project .* so nothing is written to it until you trust it: .*"\.$/m;
  for (const argv of [
    ['verdict', foreign, 'case 1', 'accepted'],
    ['verdict', foreign, 'case 1', 'undo'],
    ['replace', foreign, 'case 1', '--structure', 'lung', '--mask', mask],
    ['train', foreign, '--epochs', '1'],
    ['score', foreign],
  ]) {
    const { code, err } = await runHere(...argv);
    expect([argv[0], code, err]).toEqual([argv[0], 1, expect.stringMatching(refused)]);
  }
  for (const argv of [
    ['rank', foreign],
    ['history', foreign, 'case 1'],
    ['verify', foreign],
    ['pack', foreign, join(root, 'p.overread.zip')],
    ['relink', foreign, join(root, 'data')],
    ['export', foreign, join(root, 'out'), '--format', 'coco'],
  ]) {
    const { code, err } = await runHere(...argv);
    expect([argv[0], code, err]).toEqual([argv[0], 0, expect.anything()]);
  }
  expect(stateOf(foreign)).toEqual(before);
  expect((await runHere('trust', foreign)).code).toBe(0);
  expect((await runHere('verdict', foreign, 'case 1', 'accepted')).code).toBe(0);
  expect((await runHere('verify', foreign)).code).toBe(0);
});

it('in the window is read without a trace, too, and says why', async () => {
  const context = createContext({
    log: pino({ level: 'silent' }),
    home: new Home(join(root, 'h')),
  });
  const app = createApp(context);
  const client = createClient(
    async (address, init) => app.fetch(new Request(address, init)),
    'http://overread.test',
  );
  const before = stateOf(foreign);
  const opened = await client.openProject(foreign);
  expect(opened).toMatchObject({
    trusted: false,
    writable: false,
    readOnlyBecause: expect.stringMatching(/comes from elsewhere, so nothing is written/) as string,
  });
  const page = await app.fetch(new Request('http://overread.test/api/cases?limit=5'));
  expect(page.status).toBe(200);
  const picture = await app.fetch(new Request('http://overread.test/api/cases/case%201/picture'));
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  const items = [{ case: 'case 1', structure: null }];
  await expect(client.judge(items, 'accepted')).rejects.toThrow(/nothing is written to it/);
  await client.closeProject();
  expect(stateOf(foreign)).toEqual(before);
  await client.openProject(foreign);
  expect(await client.trust()).toMatchObject({ trusted: true, writable: true });
  expect((await client.judge(items, 'accepted')).changed).toHaveLength(2);
  await context.close();
});

it('is not trusted because another project in its place was', async () => {
  const file = join(root, 'gift.overread.zip');
  expect((await runHere('pack', own, file)).code).toBe(0);
  const place = join(root, 'gift.overread');
  for (const name of ['first', 'second']) {
    expect((await runHere('unpack', file, place)).code).toBe(0);
    expect((await exported(place, name)).err).toMatch(/comes from elsewhere/);
    expect((await runHere('trust', place)).code).toBe(0);
    expect((await exported(place, name)).code).toBe(0);
    rmSync(place, { recursive: true });
  }
});
