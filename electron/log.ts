/** The main process's part of the log, with the other processes' crashes and the page's errors. */
import { mkdirSync } from 'node:fs';
import { app, shell } from 'electron';
import type { WebContents } from 'electron';
import type { Logger } from 'pino';
import { logCrashes, logFile, logFolder, logStart, openLog } from '../audit/log/log.ts';
import { heedLogPaths } from '../audit/log/paths.ts';

/** The level of an error: Electron's number before version 35, its word since. */
const ERROR_LEVELS: ReadonlySet<unknown> = new Set([3, 'error']);

interface ConsoleMessage {
  readonly level?: unknown;
  readonly message?: string;
  readonly lineNumber?: number;
  readonly sourceId?: string;
}

/** An error that the page wrote to its console; an error that nobody caught is written there, too. */
function logConsole(contents: WebContents, log: Logger): void {
  contents.on('console-message', (details, level, message, line, source) => {
    // Electron 33, which the tests may run, passes arguments; later versions pass one object.
    const said: ConsoleMessage = details;
    if (!ERROR_LEVELS.has(said.level ?? level)) return;
    const text = said.message ?? message;
    const error = new Error(text);
    error.name = 'PageError';
    const place = `${said.sourceId ?? source}:${said.lineNumber ?? line}:0`;
    error.stack = `${error.name}: ${text}\n    at ${place}`;
    log.error({ err: error }, 'error in the page');
  });
}

function logContents(contents: WebContents, log: Logger): void {
  logConsole(contents, log);
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason !== 'clean-exit') log.error({ reason, exitCode }, 'page crashed');
  });
  contents.on('preload-error', (_event, _path, error) => {
    log.error({ err: error }, 'error in the preload script');
  });
  contents.on('unresponsive', () => log.warn({}, 'page hangs'));
}

/** Once, before the first window. @returns the log of this process */
export function setUpLog(): Logger {
  heedLogPaths(process.argv, process.env);
  const log = openLog('desktop');
  logStart(log);
  logCrashes(log);
  // Electron only prints a rejection that nobody handles, and goes on.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
  app.on('web-contents-created', (_event, contents) => logContents(contents, log));
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    if (reason === 'clean-exit') return;
    log.error({ program: `${type} ${serviceName ?? ''}`.trim(), reason, exitCode }, 'process gone');
  });
  app.on('quit', (_event, exitCode) => log.info({ exitCode }, 'end'));
  return log;
}

/** The log's file in the file manager, or its folder where nothing was written yet. */
export function showLog(): void {
  try {
    mkdirSync(logFolder(), { recursive: true });
  } catch {
    // A configuration that cannot be written has no log: the file manager shows what there is.
  }
  shell.showItemInFolder(logFile());
}
