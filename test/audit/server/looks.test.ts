/** Previews of datasets through the server: they report progress, can be cancelled, and run one at a time. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Task } from '../../../audit/contract/api.ts';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { Home } from '../../../audit/server/home/home.ts';
import { serveProject } from '../../../audit/server/http/serve.ts';
import type { Serving } from '../../../audit/server/http/serve.ts';
import { largeCoco } from '../datasets/large.ts';

let root: string;
let source: string;
let server: Serving;
let client: Client;
/** The tasks that read a dataset for a preview, one entry for each event about such a task. */
let told: Task[] = [];
/** Called for each event; a test may set it to cancel the task. */
let heed: (task: Task) => void = () => undefined;
const end = new AbortController();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'overread-looks-'));
  source = join(root, 'large');
  await largeCoco(source);
  server = await serveProject({
    log: pino({ level: 'silent' }),
    home: new Home(join(root, 'home')),
  });
  const base = `http://127.0.0.1:${server.port}`;
  const headers = { authorization: `Bearer ${server.token}` };
  client = createClient(
    (address, init) => fetch(address, { ...init, headers: { ...init?.headers, ...headers } }),
    base,
  );
  let connected: () => void = () => undefined;
  const watching = new Promise<void>((resolve) => (connected = resolve));
  void client.watch({
    signal: end.signal,
    onEvent: (event) => {
      if (event.type !== 'task' || event.task.kind !== 'look') return;
      told.push(event.task);
      heed(event.task);
    },
    onConnection: () => connected(),
  });
  await watching;
});
afterAll(async () => {
  end.abort();
  await server.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(() => {
  told = [];
  heed = () => undefined;
});

const far = ({ progress, state }: Task): boolean =>
  state === 'running' && progress !== null && progress.done > 0;

/** Waits until a task has ended. @returns its last state */
async function lastOf(id: string): Promise<Task> {
  for (;;) {
    const task = told.findLast((one) => one.id === id);
    if (task !== undefined && task.state !== 'running') return task;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('a preview is a task with progress, and asking for its other pages starts no other task', async () => {
  const first = await client.previewImport({ source, limit: 1 });
  expect(first).toMatchObject({ format: 'coco', total: 1 });
  const [{ id }] = told;
  expect((await lastOf(id)).state).toBe('done');
  expect(told.some(far)).toBe(true);
  await client.previewImport({ source, offset: 1, known: true });
  await client.previewImport({ source, project: join(root, 'a.overread'), known: true });
  expect(new Set(told.map((task) => task.id))).toEqual(new Set([id]));
});

it('a dataset that may have changed, or is read with other options, is read again', async () => {
  await client.previewImport({ source });
  await client.previewImport({ source });
  await client.previewImport({ source, format: 'coco', known: true });
  expect(new Set(told.map((task) => task.id)).size).toBe(3);
});

it('a cancelled preview answers with a refusal, and the server goes on', async () => {
  heed = (task) => {
    if (far(task)) client.cancelTask(task.id).catch(() => undefined);
  };
  await expect(client.previewImport({ source })).rejects.toMatchObject({
    status: 409,
    message: 'The preview of the dataset was cancelled.',
  });
  expect((await lastOf(told[0].id)).state).toBe('cancelled');
  expect((await client.status()).tasks).toEqual([]);
});

it('a preview ends when its client leaves', async () => {
  const asking = new AbortController();
  heed = (task) => {
    if (far(task)) asking.abort();
  };
  await expect(client.previewImport({ source }, asking.signal)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect((await lastOf(told[0].id)).state).toBe('cancelled');
});

it('a preview of another dataset cancels the one before', async () => {
  let other: Promise<unknown> | undefined;
  heed = (task) => {
    if (!far(task) || other !== undefined) return;
    other = client.previewImport({ source: join(root, 'nowhere') });
    // The rejection is expected below, after that of the first preview; until then it must not count as
    // unhandled.
    other.catch(() => undefined);
  };
  await expect(client.previewImport({ source })).rejects.toMatchObject({ status: 409 });
  await expect(other).rejects.toMatchObject({ status: 400 });
  expect((await lastOf(told[0].id)).state).toBe('cancelled');
});

it('an import that is cancelled while it reads the dataset makes no project', async () => {
  const started = await client.importDataset({ source, project: join(root, 'p.overread') });
  for (;;) {
    const task = await client.task(started.id);
    if (task.progress?.task === 'look' && task.progress.done > 0) break;
    expect(task.state).toBe('running');
  }
  await client.cancelTask(started.id);
  for (;;) {
    const task = await client.task(started.id);
    if (task.state === 'running') continue;
    expect(task.state).toBe('cancelled');
    break;
  }
  expect(existsSync(join(root, 'p.overread'))).toBe(false);
});
