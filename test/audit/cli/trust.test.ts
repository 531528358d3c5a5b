/** A project from elsewhere is exported only after the person named its dataset or said that they trust it. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
