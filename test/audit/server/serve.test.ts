import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiFailure, createClient } from '../../../audit/contract/client.ts';
import type { ServerEvent } from '../../../audit/contract/events.ts';
import { Home } from '../../../audit/server/home/home.ts';
import { serveProject } from '../../../audit/server/http/serve.ts';
import type { Serving } from '../../../audit/server/http/serve.ts';
import { HEIGHT, WIDTH, makeProject, maskOf, samplesOf } from './project.ts';

let root: string;
let folder: string;
let server: Serving;
const log = pino({ level: 'silent' });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'overread-serve-'));
  folder = await makeProject(root, 6);
  server = await serveProject({ project: folder, log, home: new Home(join(root, 'home')) });
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** A request with exactly these headers, Host included, which `fetch` would not allow. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port: server.port, path, method, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    call.on('error', reject);
    call.end();
  });
}

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${server.token}` });

describe('the gate of the server', () => {
  it('asks for a token of 256 bits at every address', async () => {
    expect(Buffer.from(server.token, 'base64url')).toHaveLength(32);
    for (const path of ['/', '/api/status', '/api/cases', '/nothing', '/api/events']) {
      expect((await raw(path)).status, path).toBe(401);
      const wrong = { authorization: `Bearer ${server.token.slice(1)}x` };
      expect((await raw(path, wrong)).status, path).toBe(401);
    }
    expect((await raw('/api/status', bearer())).status).toBe(200);
  });

  it('moves the token from the address into a cookie with SameSite=Strict', async () => {
    const login = await raw(`/?token=${server.token}`);
    expect(login.status).toBe(200);
    expect(login.text).toContain('http-equiv="refresh"');
    expect(login.text).not.toContain(server.token);
    const [cookie] = login.headers['set-cookie'] as string[];
    // A browser sends a cookie to all ports of a host, so that each server names its own.
    expect(cookie).toContain(`overread-token-${server.port}=`);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const name = cookie.split(';')[0] ?? '';
    expect((await raw('/', { cookie: `a=b; ${name}` })).status).toBe(200);
    expect((await raw('/', { cookie: `${name}x` })).status).toBe(401);
    expect((await raw('/?token=guess')).status).toBe(401);
    expect((await raw(`/api/status?token=${server.token}`)).status).toBe(401);
  });

  it('answers only requests to loopback host names', async () => {
    const port = server.port;
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST:1']) {
      expect((await raw('/api/status', { ...bearer(), host })).status, host).toBe(200);
    }
    for (const host of [
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '0.0.0.0',
    ]) {
      expect((await raw('/api/status', { ...bearer(), host })).status, host).toBe(403);
      expect((await raw(`/?token=${server.token}`, { host })).status, host).toBe(403);
    }
  });

  it('refuses an invalid Host header', async () => {
    for (const host of ['127.0.0.1:80:80', 'evil@localhost']) {
      const { status } = await raw('/api/status', { ...bearer(), host });
      expect([400, 403], host).toContain(status);
    }
  });

  it('refuses requests that other sites make a browser send', async () => {
    const host = `127.0.0.1:${server.port}`;
    const own = { ...bearer(), host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect((await raw('/api/status', own)).status).toBe(200);
    for (const origin of [
      'https://evil.example',
      'null',
      `https://${host}`,
      `http://localhost:${server.port}`,
      'http://127.0.0.1:1',
    ]) {
      const headers = { ...bearer(), host, origin };
      expect((await raw('/api/verdicts', headers, 'POST')).status, origin).toBe(403);
    }
    for (const site of ['cross-site', 'same-site']) {
      const headers = { ...bearer(), host, 'sec-fetch-site': site };
      expect((await raw('/api/status', headers)).status, site).toBe(403);
    }
  });

  it('listens on this machine only', async () => {
    const asked = serveProject({ host: '0.0.0.0' as '127.0.0.1', log });
    await expect(asked).rejects.toThrow(/this machine only/);
  });
});

describe('the served application', () => {
  it('has the security headers', async () => {
    const page = await raw('/', bearer());
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    const api = await raw('/api/status', bearer());
    for (const { headers } of [page, api]) {
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
    expect(api.headers['cache-control']).toBe('no-store');
  });

  it('is the built interface, whose script files browsers may cache for good', async () => {
    const { text } = await raw('/', bearer());
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(text)?.[1] ?? '';
    const file = await raw(script, bearer());
    expect(file.status).toBe(200);
    expect(file.headers['content-type']).toContain('text/javascript');
    expect(file.headers['cache-control']).toContain('immutable');
    for (const astray of ['/assets/none.js', '/../package.json', '/%2e%2e/package.json']) {
      expect((await raw(astray, bearer())).status).toBe(404);
    }
  });

  it('serves a project that another server writes read-only, and names that server', async () => {
    const second = await serveProject({ project: folder, log, home: new Home(join(root, 'b')) });
    try {
      const client = clientOf(second);
      const project = await client.project();
      expect(project.writable).toBe(false);
      expect(project.readOnlyBecause).toContain('overread serve');
      const items = [{ case: 'case 1', structure: 'lung' }];
      await expect(client.judge(items, 'accepted')).rejects.toMatchObject({ status: 409 });
      // The second server sees the verdict that the first one, the writer, stores.
      const before = (await client.cases({ verdict: 'flagged' })).total;
      await clientOf(server).judge(items, 'flagged');
      expect((await client.cases({ verdict: 'flagged' })).total).toBe(before + 1);
    } finally {
      await second.close();
    }
  });

  it('refuses a taken port and a folder that is not a project in one sentence', async () => {
    await expect(serveProject({ port: server.port, log })).rejects.toThrow(/in use/);
    await expect(serveProject({ project: root, log })).rejects.toThrow(/not an Overread project/);
  });
});

function clientOf(serving: Serving): ReturnType<typeof createClient> {
  const headers = { authorization: `Bearer ${serving.token}` };
  return createClient(
    (address, init) => fetch(address, { ...init, headers: { ...init?.headers, ...headers } }),
    serving.origin,
  );
}

describe('the typed client', () => {
  it('reads the queue, one case, its pixels and its labels', async () => {
    const client = clientOf(server);
    const { entries } = await client.cases({ by: 'learned', limit: 1 });
    const [{ case: id }] = entries;
    const detail = await client.case(id);
    expect(detail.proposal).toBe(false);
    const index = Number(id.split(' ')[1]) - 1;
    const image = await client.image(id, { hash: detail.case.imageHash });
    expect(image.samples).toEqual(samplesOf(index));
    const mask = await client.mask(id, 'lung');
    expect(mask).toMatchObject({ width: WIDTH, height: HEIGHT, revision: 1 });
    expect(mask.data).toEqual(maskOf(index, 0).data);
    const picture = await fetch(client.pictureAddress(id, detail.version, 48), {
      headers: bearer(),
    });
    expect(picture.headers.get('content-type')).toBe('image/png');
    await expect(client.proposal(id, 'lung')).rejects.toBeInstanceOf(ApiFailure);
    expect((await client.runs()).runs).toHaveLength(1);
    expect((await client.insights()).labels.total).toBe(11);
    expect((await client.recentProjects()).projects[0].folder).toBe(folder);
  });

  it('adds revisions, and throws errors with the sentence of a refusal', async () => {
    const client = clientOf(server);
    const { data } = maskOf(1, 1);
    const revision = await client.addRevision('case 1', 'heart', data, { reason: 'brush' });
    expect(revision.number).toBe(2);
    const older = client.addRevision('case 1', 'heart', data, { expected: 'f'.repeat(64) });
    await expect(older).rejects.toThrow(/changed meanwhile/);
    await expect(client.case('nobody')).rejects.toThrow('The project has no such case.');
  });
});

describe('events of the server', () => {
  const next = async (condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 400 && !condition(); i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(condition()).toBe(true);
  };

  it('reach every listener, resume after a break, and leave no listener behind', async () => {
    const { bus } = server.context;
    const seen: ServerEvent[] = [];
    const states: boolean[] = [];
    const end = new AbortController();
    let connections = 0;
    let cut = new AbortController();
    const headers = bearer();
    const client = createClient((address, init) => {
      connections += 1;
      const signal = AbortSignal.any([cut.signal, ...(init?.signal ? [init.signal] : [])]);
      return fetch(address, { ...init, headers: { ...init?.headers, ...headers }, signal });
    }, server.origin);
    const watching = client.watch({
      onEvent: (event) => seen.push(event),
      onConnection: (connected) => states.push(connected),
      signal: end.signal,
    });
    await next(() => bus.listeners === 1);
    bus.publish({ type: 'changed', what: 'runs', cases: null });
    await next(() => seen.length === 1);
    // Breaks the connection: an event before the next connection must not be lost.
    const before = cut;
    cut = new AbortController();
    before.abort();
    await next(() => states.includes(false));
    bus.publish({ type: 'changed', what: 'scores', cases: null });
    await next(() => seen.length === 2);
    expect(seen[1]).toMatchObject({ what: 'scores' });
    expect(connections).toBe(2);
    end.abort();
    await watching;
    await next(() => bus.listeners === 0);
  });

  it('report a task from its start to its end', async () => {
    const client = clientOf(server);
    const states: string[] = [];
    const end = new AbortController();
    const watching = client.watch({
      onEvent: (event) => {
        if (event.type === 'task') states.push(event.task.state);
      },
      signal: end.signal,
    });
    await next(() => server.context.bus.listeners === 1);
    const task = await client.verify();
    await next(() => states.includes('done'));
    expect(states[0]).toBe('running');
    expect((await client.task(task.id)).result).toEqual({ findings: [] });
    end.abort();
    await watching;
  });

  it('are replaced by a reset if the asked id is unknown or no longer in the buffer', async () => {
    for (const id of ['abcdef-3', 'x', `${server.context.bus.position}9`]) {
      const response = await fetch(`${server.origin}/api/events`, {
        headers: { ...bearer(), 'last-event-id': id },
      });
      const reader = response.body?.getReader();
      const first = await reader?.read();
      expect(new TextDecoder().decode(first?.value as Uint8Array)).toContain('"reset"');
      await reader?.cancel();
    }
  });

  it('end when the server closes, which does not wait for clients', async () => {
    const other = await serveProject({ log, home: new Home(join(root, 'c')) });
    const response = await fetch(`${other.origin}/api/events`, {
      headers: { authorization: `Bearer ${other.token}` },
    });
    const reader = response.body?.getReader();
    await reader?.read();
    await other.close();
    const rest = await reader?.read().catch(() => ({ done: true }));
    expect(rest?.done).toBe(true);
  });
});
