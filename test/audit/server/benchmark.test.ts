/** The window shows a benchmark from its results alone; other files in the folder are not served. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellName } from '../../../audit/benchmark/grid.ts';
import type { CellSpec } from '../../../audit/benchmark/grid.ts';
import { parseNoise } from '../../../audit/benchmark/noise.ts';
import { appendResult } from '../../../audit/benchmark/results.ts';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
let client: Client;
let folder = '';

const cell: CellSpec = {
  ...{ noise: parseNoise('high'), method: 'no-qam', seed: 0, size: 32, epochs: 1, batch: 2 },
};

beforeAll(async () => {
  server = await openFixture(2);
  client = createClient(
    async (address, init) => server.app.fetch(new Request(address, init)),
    'http://overread.test',
  );
  folder = join(server.root, 'results');
  await mkdir(folder);
  await writeFile(join(folder, 'report.html'), '<script>alert(1)</script>');
  await appendResult(folder, {
    cell,
    dataset: '<script>alert(2)</script>',
    result: {
      ...{ damaged: 1, cases: 2, structures: ['lung'], evaluations: [], testDice: [0.9] },
      ...{ meanTestDice: 0.9, collapse: null, warmUp: 0, curves: [], backend: 'wasm', seconds: 1 },
    },
  });
});
afterAll(() => server.close());

describe('a benchmark’s report', () => {
  it('is data computed from the present results', async () => {
    const report = await client.benchmark(folder);
    expect(report.methods).toEqual(['no-qam: the segmenter alone']);
    const [{ title, header, rows }] = report.tables;
    expect(title).toMatch(/Dice/);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toHaveLength(header.length);
    expect(rows[0]).toContain('0.9000');
    expect(JSON.stringify(report)).not.toContain('alert(1)');
  });

  it('is JSON and not a page, so that no address shows files of the folder', async () => {
    const address = `http://overread.test/api/benchmark?folder=${encodeURIComponent(folder)}`;
    const response = await server.app.fetch(new Request(address));
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  });

  it('is refused in a sentence if it is missing or damaged', async () => {
    await expect(client.benchmark(server.root)).rejects.toMatchObject({ status: 400 });
    await expect(client.benchmark(server.root)).rejects.toThrow(/no results of a benchmark/);
    const drawn = join(folder, cellName(cell));
    await mkdir(drawn);
    await writeFile(join(drawn, 'outlines.json'), '{"version":1}');
    await expect(client.benchmark(folder)).rejects.toThrow(/is damaged: delete it/);
  });
});
