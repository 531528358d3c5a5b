/**
 * Runs the audit's application in a process of its own, so that the main process stays free for the
 * window's input. It answers the requests to `overread://app/` that the main process forwards, and reports
 * events. Its argument is the folder of the project to open; without one it opens none.
 */
import { logCrashes, logStart } from '../audit/log/log.ts';
import { useProcessHost } from '../audit/processes/host.ts';
import { loggedHost } from '../audit/processes/logged.ts';
import { createApp } from '../audit/server/http/app.ts';
import { createContext } from '../audit/server/http/context.ts';
import { isSentence } from '../audit/server/http/respond.ts';
import { openFor } from '../audit/server/routes/projects.ts';
import type { FromAudit, ToAudit } from './messages.ts';
import { RemoteHost } from './remote-host.ts';
import { Answerer } from './wire/answer.ts';
import { isAsking } from './wire/messages.ts';

const { parentPort } = process;
const post = (message: FromAudit): void => parentPort.postMessage(message);

const programs = new RemoteHost(post);
const context = createContext({ purpose: 'the Overread window', desktop: true });
const { log } = context;
logStart(log);
logCrashes(log);
useProcessHost(loggedHost(programs, (ending) => log.error(ending, 'program ended')));
const answerer = new Answerer(createApp(context).fetch, post);

async function tellProjects(): Promise<void> {
  const recent = await context.home.recent();
  post({ type: 'projects', open: context.workspace.current?.folder ?? null, recent });
}

async function tellKeys(): Promise<void> {
  const { keys } = await context.home.settings();
  post({ type: 'keys', keys });
}

async function openFirst(folder: string): Promise<string | null> {
  try {
    await openFor(context, folder);
    return null;
  } catch (error) {
    log.error({ err: error }, 'project not opened');
    return isSentence(error) ? error.message : context.unforeseen;
  }
}

async function close(): Promise<void> {
  try {
    await context.close();
  } catch (error) {
    log.error({ err: error }, 'not closed');
  }
  log.info({}, 'end');
  process.exit(0);
}

parentPort.on('message', ({ data, ports }) => {
  const message = data as ToAudit;
  if (isAsking(message)) answerer.take(message);
  else if (message.type === 'close') void close();
  else programs.take(message, ports[0]);
});

context.home.onRecent = () => void tellProjects();
context.bus.listen(({ event }) => {
  if (event.type === 'task') post({ type: 'event', event });
  if (event.type === 'changed' && event.what === 'project') void tellProjects();
  if (event.type === 'changed' && event.what === 'settings') void tellKeys();
});

const [folder] = process.argv.slice(2);
const problem = folder === undefined ? null : await openFirst(folder);
await tellProjects();
await tellKeys();
post({ type: 'ready', problem });
