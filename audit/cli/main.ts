#!/usr/bin/env node
/** The command line's entry: one session, one program, one exit code. */
import { existsSync } from 'node:fs';
import type { Session } from './command.ts';
import { CANCELLED, runProgram } from './command.ts';
import { createProgram } from './program.ts';
import { createTerminal } from './terminal.ts';
import { typedIn } from './typed.ts';

// `npm run overread -- …` runs here whatever folder it was typed in: paths mean that one.
const folder = typedIn(process.env, process.cwd());
if (folder !== null && existsSync(folder)) process.chdir(folder);

const abort = new AbortController();
const terminal = createTerminal(process.stdout, process.stderr, {
  quiet: process.argv.includes('--quiet'),
});

/** The first Ctrl-C ends the work cleanly, the second at once. */
function interrupt(): void {
  if (abort.signal.aborted) process.exit(CANCELLED);
  terminal.endProgress();
  terminal.say('Cancelling … (once more: at once)');
  abort.abort();
}
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// `overread rank … | head` closes the pipe: nothing is wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const session: Session = {
  terminal,
  signal: abort.signal,
  env: process.env,
  interactive: process.stdout.isTTY,
};
const argv = process.argv.slice(2);
process.exitCode = await runProgram(await createProgram(session, argv), argv, session);
