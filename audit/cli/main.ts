#!/usr/bin/env node
/** The entry of the command line: makes the session, runs the program and sets the exit code. */
import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Ending, Session } from './command.ts';
import { runProgram } from './command.ts';
import { heedLogPaths } from '../log/paths.ts';
import { forkHost } from '../processes/fork.ts';
import { useProcessHost } from '../processes/host.ts';
import { loggedHost } from '../processes/logged.ts';
import { sweepLeftovers } from '../store/leftovers.ts';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';
import { typedIn } from './typed.ts';

// npm runs a script in the package's folder. Relative paths must start in the folder where the person
// typed the command.
const folder = typedIn(process.env, process.cwd());
if (folder !== null && existsSync(folder)) process.chdir(folder);

const abort = new AbortController();
const terminal = createTerminal(process.stdout, process.stderr, {
  quiet: process.argv.includes('--quiet'),
});

/** How long a cancelled command may take to end. Everything it has saved is safe. */
const LAST_MS = 30_000;

/**
 * Ends the process without waiting. `process.exit` waits for reads from disks, and a stalled disk never answers.
 */
function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** The first Ctrl-C cancels the work, the second ends the process at once. */
function interrupt(signal: NodeJS.Signals): void {
  if (abort.signal.aborted) return endNow();
  // A service manager sends one signal only.
  if (signal === 'SIGTERM') setTimeout(endNow, LAST_MS).unref();
  terminal.endProgress();
  terminal.say('Cancelling … (press Ctrl-C again to end at once)');
  abort.abort();
}
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// A program such as `head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

let opened: Promise<Logger> | null = null;
/** Opens the log when there is a line to write, because most commands write none. */
function commandLog(): Promise<Logger> {
  return (opened ??= import('../log/log.ts').then(({ logStart, openLog }) => {
    const log = openLog('command');
    logStart(log);
    return log;
  }));
}

async function logEnding(ending: Ending): Promise<void> {
  const log = await commandLog();
  if (ending.err === null) log.info({ ...ending }, 'command ended');
  else log.error({ ...ending }, 'command failed');
}

// Logs the error, then throws it again, which ends the process.
process.once('uncaughtException', (error) => {
  const ending = { command: '', exitCode: 1, ms: Math.round(performance.now()), err: error };
  void logEnding(ending).finally(() => {
    throw error;
  });
});

useProcessHost(
  loggedHost(forkHost, (ending) => {
    void commandLog().then((log) => log.error(ending, 'program ended'));
  }),
);

const session: Session = {
  terminal,
  signal: abort.signal,
  env: process.env,
  log: logEnding,
  interactive: process.stdout.isTTY,
};
const argv = process.argv.slice(2);
heedLogPaths(argv, process.env);
sweepLeftovers();
process.exitCode = await runProgram(await createProgram(session, argv), argv, session);
