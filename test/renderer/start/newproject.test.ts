/** Tests the new project's screen with the real server and a dataset on disk. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createApp } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import { largeCoco } from '../../audit/datasets/large.ts';
import type { ServerContext } from '../../../audit/server/http/context.ts';
import { Home } from '../../../audit/server/home/home.ts';

let root: string;
let data: string;
let context: ServerContext;

/** Counts the files, so that no two images are equal: an image that is there twice is one case. */
let files = 0;
function png(): Uint8Array {
  files += 1;
  const data = new Uint8Array(64).fill(255, 9, 20 + files);
  return encode({ width: 8, height: 8, data, channels: 1, depth: 8 });
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'overread-new-'));
  data = join(root, 'chest');
  for (const [folder, files] of Object.entries({
    images: ['a', 'b', 'c'],
    lung: ['a', 'b', 'c'],
    heart: ['a', 'x'],
  })) {
    await mkdir(join(data, folder), { recursive: true });
    for (const file of files) await writeFile(join(data, folder, `${file}.png`), png());
  }
  context = createContext({ log: pino({ level: 'silent' }), home: new Home(join(root, 'home')) });
  const app = createApp(context);
  vi.stubGlobal('window', {});
  vi.stubGlobal('navigator', { platform: 'Linux' });
  vi.stubGlobal('fetch', (address: string, init?: RequestInit) =>
    app.fetch(new Request(`http://overread.test${address}`, init)),
  );
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await context.close();
  await rm(root, { recursive: true, force: true });
});

async function draftOf(source: string) {
  const { NewProject } = await import('../../../renderer/start/newproject.svelte.ts');
  const draft = new NewProject();
  draft.choose(source);
  await vi.waitFor(() => expect(draft.looking).toBe(false));
  return draft;
}

it('recognises structures, says what does not match, and proposes a place beside the dataset', async () => {
  const draft = await draftOf(data);
  expect(draft.rows.map(({ name, labels }) => [name, labels])).toEqual([
    ['lung', 3],
    ['heart', 1],
  ]);
  expect(draft.preview?.notices.map(({ file }) => file)).toEqual([join(data, 'heart/x.png')]);
  expect(draft.project).toBe(join(root, 'chest.overread'));
  expect(draft.ready).toBe(true);
  expect(await readdir(root)).toEqual(['chest']);
});

it('refuses a place inside the dataset, with the reason', async () => {
  const draft = await draftOf(data);
  draft.project = join(data, 'images', 'p.overread');
  draft.placed();
  await draft.look();
  expect(draft.preview?.place?.problem).toMatch(/inside the dataset/);
  expect(draft.ready).toBe(false);
});

it('says that looking at the dataset was cancelled, and looks again when asked to', async () => {
  const large = join(root, 'large');
  await largeCoco(large);
  const { NewProject } = await import('../../../renderer/start/newproject.svelte.ts');
  const draft = new NewProject();
  const stop = context.bus.listen(({ event }) => {
    if (event.type === 'task' && event.task.progress?.total) context.tasks.cancel(event.task.id);
  });
  draft.choose(large);
  await vi.waitFor(() => expect(draft.looking).toBe(false), 20_000);
  stop();
  expect(draft).toMatchObject({ stopped: true, problem: null, preview: null, ready: false });
  await draft.look();
  expect(draft.stopped).toBe(false);
  expect(draft.preview?.format).toBe('coco');
});

it('lets folders be named where nothing is recognised', async () => {
  const draft = await draftOf(join(data, 'lung'));
  expect(draft.problem).toMatch(/has images but no masks/);
  draft.nameFolders();
  draft.images = join(data, 'images');
  draft.rows[0].name = 'organ';
  draft.rows[0].folder = join(data, 'lung');
  await draft.look();
  expect(draft.problem).toBe(null);
  expect(draft.rows[0].labels).toBe(3);
  draft.close();
});

it('reads the dataset as the format that the person chooses, and says why that is wrong', async () => {
  const draft = await draftOf(data);
  await draft.load();
  expect(draft.formats.map(({ name }) => name)).toContain('CVAT for images');
  draft.read('coco');
  await vi.waitFor(() => expect(draft.looking).toBe(false));
  expect(draft.problem).toMatch(/no COCO file/);
  expect(draft.ready).toBe(false);
  draft.read('nnunet');
  expect(draft.reader?.options).toEqual(['labelsFrom']);
  draft.read('folders');
  await vi.waitFor(() => expect(draft.looking).toBe(false));
  expect(draft.preview).toMatchObject({ format: 'folders', because: null });
  expect(draft.project).toBe(join(root, 'chest.overread'));
  expect(draft.ready).toBe(true);
});

it('takes a manifest in place of the dataset’s folder, and asks for it if the folder is given', async () => {
  const rows = ['image,mask,structure', 'images/a.png,lung/a.png,lung'];
  const file = join(data, 'mine.csv');
  await writeFile(file, rows.join('\n'));
  const draft = await draftOf(file);
  await draft.load();
  expect(draft.preview).toMatchObject({ format: 'manifest', root: data, total: 1 });
  expect(draft.project).toBe(join(root, 'chest.overread'));
  const folder = await draftOf(data);
  await folder.load();
  folder.read('manifest');
  await vi.waitFor(() => expect(folder.looking).toBe(false));
  expect(folder.problem).toMatch(/name its file/);
  folder.manifest = file;
  folder.optionChanged();
  await folder.look();
  expect(folder.preview).toMatchObject({ format: 'manifest', total: 1 });
  await rm(file);
});

it('imports the chosen structures under their new names and colours', async () => {
  const draft = await draftOf(data);
  draft.rows[0].name = 'lungs';
  draft.rows[0].colour = '#123456';
  draft.rows[1].included = false;
  draft.edited();
  await draft.look();
  expect(draft.ready).toBe(true);
  await draft.start();
  const task = await context.tasks.ended(draft.task?.id ?? '');
  expect(task).toMatchObject({ state: 'done', error: null });
  const info = context.workspace.require().info();
  expect(info.structures).toEqual([{ name: 'lungs', colour: '#123456' }]);
  expect(info).toMatchObject({ cases: 3, labels: 3, folder: join(root, 'chest.overread') });
});
