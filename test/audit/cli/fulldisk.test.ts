/** On a full disk a project is still read, and carried away to another disk. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeProject } from '../server/project.ts';
import { runHere } from './here.ts';

let root: string;
let disk: string;
let isMounted = false;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'overread-full-'));
  disk = join(root, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    isMounted = false;
  }
});
afterEach(() => {
  if (isMounted) execFileSync('umount', ['--lazy', disk]);
  rmSync(root, { recursive: true, force: true });
});

it('is verified, ranked, exported, reported and packed elsewhere, and tells of a verdict that it cannot keep', async (context) => {
  if (!isMounted) context.skip('no right to mount a small file system here');
  const made = await makeProject(root, 3);
  const project = join(disk, 'chest.overread');
  cpSync(made, project, { recursive: true });
  expect((await runHere('trust', project)).code).toBe(0);
  expect((await runHere('verdict', project, 'case 1', 'flagged')).code).toBe(0);
  // Fills the disk to its last byte.
  expect(() => writeFileSync(join(disk, 'rest'), Buffer.alloc(2 ** 22))).toThrow('ENOSPC');
  const to = (name: string): string => join(root, name);
  for (const argv of [
    ['verify', project],
    ['rank', project],
    ['export', project, to('exported'), '--format', 'coco'],
    ['report', project, to('report')],
    ['pack', project, to('a.overread.zip'), '--images'],
  ]) {
    const { code, err } = await runHere(...argv);
    expect([argv[0], code, err]).toEqual([argv[0], 0, expect.not.stringMatching(/overread: /)]);
  }
  expect(readdirSync(to('exported')).length).toBeGreaterThan(0);
  expect(existsSync(to('a.overread.zip'))).toBe(true);
  const { code, err } = await runHere('export', project, join(disk, 'no'), '--format', 'coco');
  expect([code, err]).toEqual([1, expect.stringMatching(/^overread: .*space.*\.$/m)]);
  expect(readdirSync(disk).sort()).toEqual(['chest.overread', 'rest']);
});
