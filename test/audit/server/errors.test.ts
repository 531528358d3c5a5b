/** Every refusal by the server has a sentence for people and an error code for programs. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { ApiError, Task } from '../../../audit/contract/api.ts';
import { createClient } from '../../../audit/contract/client.ts';
import { packMask } from '../../../audit/contract/packing.ts';
import type { ErrorCode } from '../../../audit/contract/errors.ts';
import { guarded } from '../../../audit/server/http/gate.ts';
import { openProjectForWriting } from '../../../audit/store/project.ts';
import { maskOf, openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
beforeEach(async () => {
  server = await openFixture(3);
});
afterEach(() => server.close());

async function codeOf(answer: Response | Promise<Response>): Promise<ErrorCode> {
  const response = await answer;
  expect(response.status).toBeGreaterThanOrEqual(400);
  const { error, code } = ApiError.parse(await response.json());
  expect(error).toMatch(/[.”]$/);
  return code;
}

it('a wrong request, or one for something that does not exist, is refused with its code', async () => {
  const asked: readonly (readonly [string, string, unknown, ErrorCode])[] = [
    ['/api/nothing', 'GET', undefined, 'not-found'],
    ['/api/cases/nobody', 'GET', undefined, 'not-found'],
    ['/api/runs/nothing', 'GET', undefined, 'not-found'],
    ['/api/cases?limit=many', 'GET', undefined, 'usage'],
    ['/api/verdicts', 'POST', { items: 'all' }, 'usage'],
    ['/api/settings', 'PATCH', new Uint8Array(4), 'usage'],
    ['/api/projects/open', 'POST', { folder: join(server.root, 'none') }, 'not-found'],
  ];
  for (const [path, method, body, code] of asked) {
    expect([path, await codeOf(server.ask(path, method, body))]).toEqual([path, code]);
  }
  const range = { range: 'bytes=999999999-' };
  expect(await codeOf(server.ask('/api/cases/case%201/image', 'GET', undefined, range))).toBe(
    'usage',
  );
});

it('a request that the present state does not allow is refused as a conflict', async () => {
  const mask = packMask(maskOf(1, 0).data, 'runs');
  const path = '/api/cases/case%201/labels/lung/revisions?packing=runs';
  const changed = { 'if-match': `"${'0'.repeat(64)}"` };
  expect(await codeOf(server.ask(path, 'POST', mask, changed))).toBe('conflict');
  await server.ask('/api/project/close', 'POST');
  expect(await codeOf(server.ask('/api/cases'))).toBe('conflict');
});

it('a request for an image whose file is missing is refused with its code', async () => {
  rmSync(join(server.root, 'data', '0.png'));
  expect(await codeOf(server.ask('/api/cases/case%201/image'))).toBe('no-image');
});

it('a project that is being written, or of a newer version, is refused with its code', async () => {
  await server.ask('/api/project/close', 'POST');
  const other = await openProjectForWriting(server.folder, { purpose: 'test' });
  const open = (): Promise<Response> =>
    server.ask('/api/projects/open', 'POST', { folder: server.folder });
  expect((await open()).status).toBe(200);
  const comment = { text: 'x' };
  const put = server.ask('/api/cases/case%201/labels/lung/comment', 'PUT', comment);
  expect(await codeOf(put)).toBe('locked');
  other.close();
  await server.ask('/api/project/close', 'POST');
  const db = new DatabaseSync(join(server.folder, 'project.db'));
  db.exec('PRAGMA user_version = 999');
  db.close();
  expect(await codeOf(open())).toBe('newer-version');
});

it('a long task that failed has a sentence and a code', async () => {
  const out = join(server.root, 'out');
  const started = await server.ask('/api/export', 'POST', { out, format: 'nothing' });
  const { id } = Task.parse(await started.json());
  await expect
    .poll(async () => Task.parse(await (await server.ask(`/api/tasks/${id}`)).json()))
    .toMatchObject({
      state: 'failed',
      code: 'usage',
      error: expect.stringMatching(/\.$/) as string,
    });
});

it('the gate refuses with a code, and the client throws an error with the code', async () => {
  const gate = guarded((request) => server.app.fetch(request), 'secret');
  const at = (headers: Record<string, string>): Request =>
    new Request('http://127.0.0.1:1/api/cases', { headers: { host: '127.0.0.1:1', ...headers } });
  expect(await codeOf(gate(at({})))).toBe('forbidden');
  expect(await codeOf(gate(at({ host: 'evil.example' })))).toBe('forbidden');
  const client = createClient(
    (address, init) => server.app.fetch(new Request(address, init)) as Promise<Response>,
    'http://overread.test',
  );
  await expect(client.case('nobody')).rejects.toMatchObject({ status: 404, code: 'not-found' });
});
