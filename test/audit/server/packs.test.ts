import { afterAll, beforeAll, expect, it } from 'vitest';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  PackResult,
  Task,
  UnpackDatasetResult,
  UnpackResult,
} from '../../../audit/contract/api.ts';
import { zipSync } from 'fflate';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
beforeAll(async () => {
  server = await openFixture(3);
});
afterAll(() => server.close());

async function ended(path: string, request: unknown): Promise<Task> {
  const response = await server.ask(path, 'POST', request);
  expect(response.status, await response.clone().text()).toBe(202);
  const { id } = Task.parse(await response.json());
  return Task.parse(await server.context.tasks.ended(id));
}

it('packs the open project, unpacks the file into a new folder, and opens the new project', async () => {
  const out = join(server.root, 'chest.overread.zip');
  const packed = await ended('/api/pack', { out, images: true });
  expect(PackResult.parse(packed.result)).toMatchObject({ file: out, cases: 3, images: true });
  const project = join(server.root, 'copy.overread');
  const made = await ended('/api/unpack', { file: out, project });
  expect(UnpackResult.parse(made.result)).toMatchObject({ folder: project, images: true });
  expect(server.context.workspace.require().folder).toBe(project);
  expect((await server.ask('/api/cases/case%201/image')).status).toBe(200);
  const again = await ended('/api/unpack', { file: out, project });
  expect(again).toMatchObject({ state: 'failed', result: null });
  expect(again.error).toMatch(/is there already: give the name of a new folder\.$/);
});

it('refuses a file that is not a packed project in one sentence, and leaves no folder', async () => {
  const project = join(server.root, 'none.overread');
  const failed = await ended('/api/unpack', { file: join(server.root, 'no.zip'), project });
  expect(failed.error).toMatch(/There is no file .*no\.zip/);
  expect(existsSync(project)).toBe(false);
});

it('unpacks the archive of a dataset beside it, on asking', async () => {
  const source = join(server.root, 'in', 'scans.zip');
  await mkdir(join(server.root, 'in'));
  await writeFile(source, zipSync({ 'images/a.png': Buffer.of(1) }));
  const looked = await server.ask('/api/import/preview', 'POST', { source });
  expect(await looked.json()).toMatchObject({ code: 'archive' });
  const made = await ended('/api/import/unpack', { source });
  const folder = join(server.root, 'in', 'scans');
  expect(UnpackDatasetResult.parse(made.result)).toEqual({ folder });
  expect(existsSync(join(folder, 'images', 'a.png'))).toBe(true);
  const refused = await server.ask('/api/import/unpack', 'POST', { source: folder });
  expect(await refused.json()).toMatchObject({
    error: `${folder} is no ZIP archive: name its file.`,
  });
});
