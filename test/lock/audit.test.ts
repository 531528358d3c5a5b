/** The check of the lock file against known weaknesses, with an `npm` that answers as registries do. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('./audit.mjs', import.meta.url));
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overread-audit-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const cause = {
  ...{ url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc', title: 'Reads too far' },
  ...{ name: 'tar', severity: 'high' },
};
const REPORT = {
  vulnerabilities: { tar: { via: [cause] }, gauge: { via: ['tar'] } },
};
const entry = {
  ...{ advisory: 'GHSA-aaaa-bbbb-cccc', package: 'tar', date: '2026-12-01' },
  reason: 'Overread never unpacks with this package.',
};

/** Runs the check. @param answer what npm prints */
function check(answer: string, accepted: unknown): { status: number | null; stdout: string } {
  writeFileSync(join(folder, 'answer'), answer);
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\ncat '${join(folder, 'answer')}'\nexit 1\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  const list = join(folder, 'accepted.json');
  writeFileSync(list, JSON.stringify(accepted));
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` };
  return spawnSync(process.execPath, [SCRIPT, '--accepted', list], { env, encoding: 'utf8' });
}

it('fails on a weakness that nobody accepted, and names it once', () => {
  const { status, stdout } = check(JSON.stringify(REPORT), []);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^GHSA-aaaa-bbbb-cccc: tar \(high\), Reads too far/);
  expect(stdout).toMatch(/1 known weaknesses, 1 of them not accepted/);
});

it('passes where it was accepted with a reason and a date, and only there', () => {
  expect(check(JSON.stringify(REPORT), [entry]).status).toBe(0);
  expect(check(JSON.stringify(REPORT), [{ ...entry, reason: '' }]).status).toBe(1);
  const gone = check(JSON.stringify({ vulnerabilities: {} }), [entry]);
  expect([gone.status, gone.stdout]).toEqual([0, expect.stringMatching(/of tar is gone/)]);
});

it('passes and says so where no registry answers', () => {
  for (const answer of ['', '{"message":"405 Method Not Allowed"}', 'no JSON']) {
    const { status, stdout } = check(answer, []);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/No registry answers/)]);
  }
});
