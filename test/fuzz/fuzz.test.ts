/** A few mutations of each fixture; `npm run fuzz` makes a thousand. Needs a build. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { sentenceProblem, snapshot } from './check.mjs';

interface Sum {
  readonly name: string;
  readonly mutations: number;
  readonly cases: number;
  readonly notices: number;
  readonly refused: number;
  readonly peak: number;
  readonly findings: readonly { readonly number: number; readonly problems: readonly string[] }[];
}

/** Mutations of each fixture, in one dataset. */
const COUNT = 24;
const run = fileURLToPath(new URL('./run.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'overread-fuzz-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('imports a broken file, or says in one sentence what is wrong', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [run, '--count', `${COUNT}`, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect(stderr).toBe('');
  const sums = JSON.parse(stdout) as Sum[];
  const findings = sums.flatMap(({ name, findings: found }) =>
    found.map(({ number, problems }) => `${name} ${number}: ${problems.join('; ')}`),
  );
  expect(findings).toEqual([]);
  // Some files of every format must be imported and some refused, else the test proves nothing.
  const total = (count: (sum: Sum) => number) => sums.reduce((all, sum) => all + count(sum), 0);
  expect(new Set(sums.map(({ name }) => name)).size).toBe(sums.length);
  expect(sums.length).toBeGreaterThan(150);
  expect(sums.every(({ mutations, peak }) => mutations === COUNT && peak > 0)).toBe(true);
  expect(total(({ cases }) => cases)).toBeGreaterThan(1000);
  expect(total(({ notices }) => notices)).toBeGreaterThan(1000);
  expect(total(({ refused }) => refused)).toBeGreaterThan(100);
}, 900_000);

it('distinguishes a sentence from the errors of libraries', () => {
  expect(sentenceProblem('/data/a.png is cut short: copy it again.')).toBeNull();
  for (const said of [
    'is cut short',
    'a.png is\nbroken.',
    'a.png is a broken file (Cannot read properties of null).',
    'a.png could not be read (offset is out of bounds).',
    `a.png names “${'x'.repeat(2000)}”.`,
    'a\u202egnp is broken.',
  ]) {
    expect(sentenceProblem(said), said).not.toBeNull();
  }
});

it('notices a file that was rewritten with the same bytes', () => {
  const file = join(folder, 'a.txt');
  writeFileSync(file, 'x');
  const before = snapshot(folder);
  expect(snapshot(folder)).toBe(before);
  writeFileSync(file, 'x');
  expect(snapshot(folder)).not.toBe(before);
});
