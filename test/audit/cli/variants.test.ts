/**
 * Near misses of every kind of dataset, made by the formats' own tools (`fixtures/variants/make.py`), imported and
 * exported by the command: each has the right labels, or is refused with what to do.
 */
import { cpSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../datasets/fixtures.ts';
import { areasOf } from './areas.ts';
import { runHere } from './here.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/variants', import.meta.url));

interface Expected {
  /** The pixels of each label, by `CASE STRUCTURE`. */
  readonly areas?: Readonly<Record<string, number>>;
  /** A pattern of the sentence that refuses the dataset. */
  readonly says?: string;
  readonly unpack?: true;
}

const EXPECTED = JSON.parse(readFileSync(join(FIXTURES, 'expected.json'), 'utf8')) as Record<
  string,
  Expected
>;

it.each(Object.entries(EXPECTED))('%s', async (name, { areas, says, unpack }) => {
  const folder = await temporaryFolder();
  const data = join(folder, 'data');
  cpSync(join(FIXTURES, name), data, { recursive: true });
  const before = await readdir(data, { recursive: true });
  const project = join(folder, 'p.overread');
  const made = await runHere('create', project, '--from', data, ...(unpack ? ['--unpack'] : []));
  expect(await readdir(data, { recursive: true })).toEqual(before);
  if (says !== undefined) {
    expect([made.code, made.err + made.out]).toEqual([1, expect.stringMatching(new RegExp(says))]);
    return;
  }
  expect({ said: made.code === 0 ? '' : made.err, areas: await areasOf(project) }).toEqual({
    said: '',
    areas,
  });
  const out = join(folder, 'out');
  expect((await runHere('export', project, out)).err).not.toMatch(/Unexpected|not there/);
  const again = join(folder, 'again.overread');
  expect((await runHere('create', again, '--from', out)).code).toBe(0);
  expect(await areasOf(again)).toEqual(areas);
});
