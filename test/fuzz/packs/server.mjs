// A server that is given hostile packs, one after another. It answers the requests of its parent, which watches
// its time and memory.
import { Buffer } from 'node:buffer';
import { pino } from 'pino';
import { createApp } from '../../../dist/audit/server/http/app.js';
import { createContext } from '../../../dist/audit/server/http/context.js';

/** What the server logged last of an error that it did not foresee. */
let unforeseen = '';
const write = (line) => {
  const { err } = JSON.parse(line);
  if (err !== undefined && err.name !== 'UserError') unforeseen = err.stack ?? err.message;
};
const context = createContext({ log: pino({ level: 'error' }, { write }) });
const app = createApp(context);

const why = (error, code) => (code === 'internal' ? unforeseen : error);

/** @returns the status, the answer if it is JSON, and its error */
async function ask(method, path, content) {
  const response = await app.fetch(
    new globalThis.Request(`http://overread.test${path}`, {
      method,
      ...(content !== undefined && {
        body: JSON.stringify(content),
        headers: { 'content-type': 'application/json' },
      }),
    }),
  );
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const bytes = Buffer.from(await response.arrayBuffer());
  const answer = isJson ? JSON.parse(bytes.toString()) : null;
  const { error = null, code = null } = response.ok ? {} : (answer ?? {});
  return {
    request: `${method} ${path}`,
    status: response.status,
    answer,
    error: why(error, code),
    code,
  };
}

/** The same for a request that starts a task: waits for its end. */
async function work(path, content) {
  const started = await ask('POST', path, content);
  if (started.status !== 202) return started;
  const task = await context.tasks.ended(started.answer.id);
  const { state, error = null, code = null } = task;
  return {
    ...started,
    status: state === 'done' ? 200 : 400,
    answer: task.result,
    error: why(error, code),
    code,
  };
}

/** Looks at everything in the opened project as the window does, and tries to carry it away. */
async function walk({ out, data }) {
  const seen = [];
  const look = async (path) => {
    seen.push(await ask('GET', path));
    return seen.at(-1).answer;
  };
  const task = async (path, content) => seen.push(await work(path, content));
  await look('/api/project');
  for (const path of ['/api/project/notices', '/api/project/log?limit=50', '/api/ranking']) {
    await look(path);
  }
  for (const path of ['/api/models', '/api/insights', '/api/left', '/api/export/formats']) {
    await look(path);
  }
  for (const column of ['split', 'patient']) await look(`/api/columns/${column}`);
  const runs = await look('/api/runs');
  for (const { id } of (runs?.runs ?? []).slice(0, 2)) {
    const run = encodeURIComponent(id);
    for (const end of ['', '/metrics', '/series', '/moved']) await look(`/api/runs/${run}${end}`);
  }
  const page = await look('/api/cases?limit=50');
  const structures = (seen[0].answer?.structures ?? []).slice(0, 2);
  for (const entry of (page?.cases ?? page?.rows ?? []).slice(0, 3)) {
    const id = encodeURIComponent(entry.id ?? entry.case);
    for (const end of ['', '/image', '/picture', '/similar', '/quality']) {
      await look(`/api/cases/${id}${end}`);
    }
    for (const { name } of structures) {
      const label = `/api/cases/${id}/labels/${encodeURIComponent(name)}`;
      for (const end of ['/mask', '/revisions', '/strokes', '/proposal']) await look(label + end);
    }
  }
  seen.push(await ask('POST', '/api/export/outlook', {}));
  await task('/api/project/verify', { images: true });
  const carry = async (name) => {
    await task('/api/export', { out: `${out}/${name}-own` });
    await task('/api/export', { out: `${out}/${name}-coco`, format: 'coco' });
    await task('/api/report', { out: `${out}/${name}-report` });
    await task('/api/pack', { out: `${out}/${name}.overread.zip`, images: true });
    await task('/api/pack', { out: `${out}/${name}-bare.overread.zip`, images: false });
  };
  await carry('asked');
  seen.push(await ask('POST', '/api/project/relink', { root: data }));
  await carry('named');
  await ask('POST', '/api/project/close', {});
  return seen.map(({ request, status, error, code }) => ({ request, status, error, code }));
}

const doors = {
  unpack: async ({ file, project }) => {
    const { status, error, code } = await work('/api/unpack', { file, project });
    return { status, error, code };
  },
  open: async ({ folder }) => {
    const { status, error, code } = await ask('POST', '/api/projects/open', { folder });
    return { status, error, code };
  },
  walk,
};

process.on('message', async ({ door, ...about }) => {
  const answer = await doors[door](about).catch((error) => ({ defect: String(error?.stack) }));
  process.send({ answer, peak: process.resourceUsage().maxRSS * 1024 });
});
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
