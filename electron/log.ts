/** Writes the main process's log, including crashes of other processes and errors of the page. */
import { mkdirSync } from 'node:fs';
import { app, shell } from 'electron';
import type { WebContents } from 'electron';
import type { Logger } from 'pino';
import { logCrashes, logFile, logFolder, logStart, openLog } from '../audit/log/log.ts';
import { heedLogPaths } from '../audit/log/paths.ts';

/** The values of a message's `level` that mean an error: a number before Electron 35, a word since. */
const ERROR_LEVELS: ReadonlySet<unknown> = new Set([3, 'error']);

interface ConsoleMessage {
  readonly level?: unknown;
  readonly message?: string;
  readonly lineNumber?: number;
  readonly sourceId?: string;
}

/** Logs the errors in the page's console. Chromium writes uncaught errors there, too. */
function logConsole(contents: WebContents, log: Logger): void {
  contents.on('console-message', (details, level, message, line, source) => {
    // Electron 33, which the tests may run, passes separate arguments; later versions pass one object.
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

/** Opens the log. Call it once, before the first window. @returns the log of this process */
export function setUpLog(): Logger {
  heedLogPaths(process.argv, process.env);
  const log = openLog('desktop');
  logStart(log);
  logCrashes(log);
  // Electron only prints an unhandled rejection and goes on, so it is logged here.
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
  app.on('web-contents-created', (_event, contents) => logContents(contents, log));
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) => {
    if (reason === 'clean-exit') return;
    log.error({ program: `${type} ${serviceName ?? ''}`.trim(), reason, exitCode }, 'process gone');
  });
  app.on('quit', (_event, exitCode) => log.info({ exitCode }, 'end'));
  return log;
}

/** Shows the log's file in the file manager, or the log's folder if there is no file yet. */
export function showLog(): void {
  try {
    mkdirSync(logFolder(), { recursive: true });
  } catch {
    // Without the folder there is no log. The system then decides what the file manager shows.
  }
  shell.showItemInFolder(logFile());
}
