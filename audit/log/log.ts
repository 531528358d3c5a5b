/**
 * Opens the log: one file in the configuration folder, shared by all processes. Every record passes
 * the redactor before it is written.
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

/** The process that logs: the desktop's main or audit process, `overread serve`, or another command. */
export type Writer = 'desktop' | 'audit' | 'serve' | 'command';

export function logFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(configurationFolder(env), 'logs');
}

/** Path of the log file that is written now; older log files lie beside it. */
export function logFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(logFolder(env), LOG_NAME);
}

/**
 * Opens the log.
 * @param folders returns the folders whose paths the log replaces by `[project]` and `[dataset]`
 */
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

/** Logs that the process started, with the versions of its software and the operating system. */
export function logStart(log: Logger): void {
  const { electron, chrome, node } = process.versions as Partial<Record<string, string>>;
  const { platform, arch } = process;
  const shell = electron === undefined ? {} : { electron, chrome };
  log.info({ version: version(), platform, arch, system: release(), node, ...shell }, 'start');
}

/** Logs uncaught errors. They still end the process. */
export function logCrashes(log: Logger): void {
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    log.fatal({ err: error, origin }, 'crash');
  });
}
