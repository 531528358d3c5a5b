/** Names come from files and may hold anything: a command that prints them starts and steers nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeProject } from '../server/project.ts';
import { runHere } from './here.ts';

const NAMES = ['=HYPERLINK("http://x")', '\u001b]0;owned\u0007', '@\u009b2J', '-2+3'];

let root: string;
let project: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'overread-names-'));
  project = await makeProject(root, NAMES.length, true, (index) => NAMES[index]);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs a command. @returns what it wrote to standard output */
async function printed(...argv: string[]): Promise<string> {
  const { code, out, err } = await runHere(...argv);
  expect(code, err).toBe(0);
  return out;
}

it('prints a ranking as CSV in which no name starts a formula and numbers stay numbers', async () => {
  const [header, ...rows] = (await printed('rank', project, '--format', 'csv', '--by', 'learned'))
    .trim()
    .split('\n');
  // The first columns are numbers, then the name.
  expect(header).toMatch(/^rank,previous_rank,case,structure,/);
  const names = rows.map((row) => /^\d+,\d*,("(?:[^"]|"")*"|[^,]*),/.exec(row)?.[1]);
  expect(names.toSorted()).toEqual(
    [`"'=HYPERLINK(""http://x"")"`, "'-2+3", "'@\\u009b2J", '\\u001b]0;owned\\u0007'].toSorted(),
  );
  expect(rows.some((row) => /,-\d/.test(row))).toBe(true);
});

it('prints names in tables, histories and JSON without a character that steers the terminal', async () => {
  await printed('verdict', project, NAMES[1], 'flagged', '--comment', '\u001b[31mred');
  for (const argv of [
    ['rank', project],
    ['rank', project, '--format', 'json'],
    ['rank', project, '--format', 'csv'],
    ['history', project],
  ]) {
    const text = await printed(...argv);
    expect(text).toContain('\\u001b]0;owned\\u0007');
    expect(text).not.toMatch(/(?!\r\n)[^\P{Cc}\t\n]/u);
  }
});
