/**
 * The log: one file for all processes, in the configuration folder. Every process opens it here;
 * everything passes the redactor before it is written.
 */
import { release } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { configurationFolder } from '../../models/folders.ts';
import { version } from '../version.ts';
import { logsPaths } from './paths.ts';
import { Redactor } from './redact.ts';
import type { NamedFolders } from './redact.ts';
import { LOG_NAME, RotatingFile } from './rotating.ts';

/** Who writes: the desktop's main process, its audit process, `overread serve`, another command. */
export type Writer = 'desktop' | 'audit' | 'serve' | 'command';

export function logFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(configurationFolder(env), 'logs');
}

/** The file that is written now. */
export function logFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(logFolder(env), LOG_NAME);
}

/** Opens the log. @param places the folders that have a name in it */
export function openLog(
  writer: Writer,
  folders?: () => NamedFolders,
  env: NodeJS.ProcessEnv = process.env,
): Logger {
  const redactor = new Redactor(folders, logsPaths(env));
  return pino(
    {
      base: { writer, pid: process.pid },
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { err: (redacted: unknown) => redacted },
      hooks: {
        logMethod([facts, event], method) {
          method.call(this, redactor.record(facts), typeof event === 'string' ? event : 'no event');
        },
      },
    },
    new RotatingFile(logFolder(env)),
  );
}

/** The first line of a process: what runs, and on what. */
export function logStart(log: Logger): void {
  const { electron, chrome, node } = process.versions as Partial<Record<string, string>>;
  const { platform, arch } = process;
  const shell = electron === undefined ? {} : { electron, chrome };
  log.info({ version: version(), platform, arch, system: release(), node, ...shell }, 'start');
}

/** Writes down what is about to end this process; what happens then stays as it is. */
export function logCrashes(log: Logger): void {
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    log.fatal({ err: error, origin }, 'crash');
  });
}
