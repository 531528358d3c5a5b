// A server in a process that is killed: `node --import hook.mjs server.mjs JSON`. JSON holds the project, the
// requests that prepare it, and the request during which the process is killed. Prints `done` when that
// request was answered and its task, if it started one, is done.
import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { createApp } from '../../../dist/audit/server/http/app.js';
import { createContext } from '../../../dist/audit/server/http/context.js';

const { project, before, request } = JSON.parse(process.argv[2]);
const context = createContext({ log: pino({ level: 'silent' }) });
const app = createApp(context);

async function ask([method, path, content]) {
  const raw = content?.bytes !== undefined;
  const response = await app.fetch(
    new globalThis.Request(`http://overread.test${path}`, {
      method,
      ...(content !== undefined && {
        body: raw ? Buffer.from(content.bytes, 'base64') : JSON.stringify(content),
        headers: { 'content-type': raw ? 'application/octet-stream' : 'application/json' },
      }),
    }),
  );
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${answer.error}`);
  if (response.status !== 202) return;
  for (let task = answer; task.state !== 'done';) {
    if (task.state !== 'running') throw new Error(`${path}: ${task.error ?? task.state}`);
    await setTimeout(5);
    task = await (
      await app.fetch(new globalThis.Request(`http://overread.test/api/tasks/${task.id}`))
    ).json();
  }
}

if (project !== null) await context.workspace.open(project);
for (const each of before) await ask(each);
globalThis.armKills();
await ask(request);
writeSync(1, 'done\n');
await context.close();
