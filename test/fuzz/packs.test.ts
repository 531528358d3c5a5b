/** Some hostile packs; `npm run fuzz:packs` makes 200. Each is refused in a sentence or does no harm. Needs a build. */
import { expect, it } from 'vitest';
import { packs } from './packs.mjs';
import { KINDS } from './packs/mutations.mjs';

it('refuses a hostile pack, or unpacks it without harm', async () => {
  const sum = (await packs({ seed: 2, first: 0, count: 26, only: '', commands: 9 })) as {
    readonly packs: number;
    readonly refused: number;
    readonly harmless: number;
    readonly commands: number;
    readonly findings: readonly string[];
  };
  expect(sum.findings).toEqual([]);
  expect(sum).toMatchObject({ packs: 26, commands: 3 });
  // Some packs must be refused and some unpacked, else the test proves nothing.
  expect(sum.refused).toBeGreaterThan(8);
  expect(sum.harmless).toBeGreaterThan(2);
  expect(new Set(KINDS.map(({ name }) => name)).size).toBe(KINDS.length);
}, 240_000);
