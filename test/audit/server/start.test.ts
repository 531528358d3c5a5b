/** The server before a project is open: it lists folders and recent projects, and makes the demo. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemoTaskResult } from '../../../audit/contract/api.ts';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import type { ServerEvent } from '../../../audit/contract/events.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
let client: Client;

beforeAll(async () => {
  server = await openFixture(5);
  client = createClient(
    async (address, init) => server.app.fetch(new Request(address, init)),
    'http://overread.test',
  );
});
afterAll(() => server.close());

describe('folders', () => {
  it('are listed by name with counts, without files and hidden folders', async () => {
    const here = join(server.root, 'tree');
    for (const name of ['b10', 'b9/deep', '.hidden']) {
      await mkdir(join(here, name), { recursive: true });
    }
    await writeFile(join(here, 'b9', 'x.png'), 'x');
    await writeFile(join(here, 'note.txt'), 'secret');
    await symlink(server.folder, join(here, 'linked'));
    const listing = await client.folders(here);
    expect(listing).toMatchObject({ path: here, parent: server.root, files: 1, truncated: false });
    expect(listing.folders.map(({ name }) => name)).toEqual(['b9', 'b10', 'linked']);
    expect(listing.folders[0]).toMatchObject({ files: 1, folders: 1, more: false, project: false });
    expect(listing.folders[2].project).toBe(true);
    expect(JSON.stringify(listing)).not.toContain('note.txt');
  });

  it('are counted up to a limit, and the home folder is listed first', async () => {
    const full = join(server.root, 'full', 'inside');
    await mkdir(full, { recursive: true });
    await Promise.all(
      Array.from({ length: 1005 }, (_, i) => writeFile(join(full, `${i}.png`), '')),
    );
    const { folders } = await client.folders(join(server.root, 'full'));
    expect(folders[0]).toMatchObject({ files: 1000, more: true });
    expect((await client.folders()).path).toBe(homedir());
  });

  it('that do not exist are refused in a sentence', async () => {
    const file = join(server.root, 'tree', 'note.txt');
    await expect(client.folders(file)).rejects.toMatchObject({ status: 404 });
    await expect(client.folders(join(server.root, 'no'))).rejects.toThrow(/choose another/);
  });
});

describe('recent projects', () => {
  it('show the progress of the review and the worst case, also after the project was closed', async () => {
    await client.openProject(server.folder);
    await client.judge([{ case: 'case 1', structure: null }], 'accepted');
    await client.judge([{ case: 'case 2', structure: 'lung' }], 'excluded');
    await client.closeProject();
    const [project] = (await client.recentProjects()).projects;
    expect(project).toMatchObject({ cases: 5, review: { reviewed: 1, found: 1 }, exists: true });
    const address = client.recentPictureAddress(project.folder, project.picture ?? '');
    const picture = await server.app.fetch(new Request(address));
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(picture.headers.get('cache-control')).toContain('immutable');
    expect(new Uint8Array(await picture.arrayBuffer()).slice(1, 4)).toEqual(
      new Uint8Array(Buffer.from('PNG')),
    );
  });

  it('keep their review and picture when they are opened again', async () => {
    await client.openProject(server.folder);
    const [project] = (await client.recentProjects()).projects;
    expect(project.review).toEqual({ reviewed: 1, found: 1 });
    expect(project.picture).not.toBe(null);
  });

  it('leave no picture when they are forgotten, and their address shows no other file', async () => {
    // It shows a patient, so it lies in the project and not beside the settings.
    const picture = join(server.folder, 'cache', 'card.png');
    expect((await stat(picture)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
    expect(await readdir(join(server.root, 'home'))).not.toContain('pictures');
    const other = await server.ask(`/api/projects/picture?folder=${encodeURIComponent('/etc')}`);
    expect(other.status).toBe(404);
    expect((await client.forgetProject(server.folder)).projects).toEqual([]);
    expect(existsSync(picture)).toBe(false);
  });
});

describe('the demo', () => {
  it('is made, opened, trained and ranked by one task, and a second task changes nothing', async () => {
    const folder = join(server.root, 'demo');
    await client.changeSettings({ backend: 'wasm' });
    const events: ServerEvent[] = [];
    const stop = server.context.bus.listen(({ event }) => events.push(event));
    const request = { folder, cases: 8, epochs: 2, size: 32, imageSize: 64 };
    const task = await client.startDemo(request);
    await expect(client.startDemo(request)).rejects.toMatchObject({ status: 409 });
    const ended = await server.context.tasks.ended(task.id);
    stop();
    expect(ended).toMatchObject({ state: 'done', error: null });
    const { project, run } = DemoTaskResult.parse(ended?.result);
    expect(await client.project()).toMatchObject({ folder: project, cases: 8, run });
    const entries = (await client.ranking()).entries;
    expect(entries).toHaveLength(8);
    // The window gets events of each step of the demo and of each epoch of its training.
    const said = new Set(
      events.flatMap((event) => (event.type === 'task' ? [event.task.progress?.task] : [])),
    );
    expect([...said]).toEqual(expect.arrayContaining(['demo', 'import', 'train', 'score']));
    expect(events.filter(({ type }) => type === 'run').length).toBeGreaterThan(2);
    const again = await client.startDemo(request);
    expect((await server.context.tasks.ended(again.id))?.result).toEqual({ project, run });
    await rm(folder, { recursive: true, force: true });
  }, 120_000);
});
