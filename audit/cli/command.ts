/**
 * Every command gets the process's `Session` and ends with an exit code: 0 (done), 1 (failed), 2 (wrong
 * usage) or 130 (cancelled). A command reports an error in one sentence.
 */
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { ZodError } from 'zod';
import { UsageError, UserError } from '../errors.ts';
import type { Terminal } from './terminal.ts';

export interface Session {
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C (or SIGTERM). */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  /** Writes to the log how a command ended. `runProgram` calls it if a command failed or took long. */
  readonly log?: (ending: Ending) => Promise<void>;
  /** Whether standard output is a terminal. */
  readonly interactive: boolean;
}

/** How a command ended, for the log. */
export interface Ending {
  readonly command: string;
  readonly exitCode: number;
  readonly ms: number;
  readonly err: unknown;
}

/** A command that takes this many milliseconds or more is logged, for example a training. */
const LONG_MS = 2000;

/** The exit code after Ctrl-C, as in shells: 128 plus the number of the signal. */
export const CANCELLED = 130;

/** A function that adds one command to the program. */
export type Register = (program: Command, session: Session) => void;

/** The error of a command that a person cancelled. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** By code of a system error: what is wrong and what a person can do. The text follows a path. */
const SYSTEM: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space and run the command again',
  EDQUOT: 'the disk quota is used up: free some space and run the command again',
  EACCES: 'permission denied: check who may read and write it',
  EPERM: 'the operation is not permitted: check who may read and write it',
  EROFS: 'the file system is read-only: choose another folder',
  ENOENT: 'there is no such file or folder: check the path',
  ENOTDIR: 'a part of the path is a file, not a folder: check the path',
  EISDIR: 'it is a folder, not a file: check the path',
  ENOTEMPTY: 'the folder is not empty: choose another one',
  EEXIST: 'it exists already: choose another name',
  ENAMETOOLONG: 'the path is too long: choose a shorter one',
  EMFILE: 'too many files are open: close other programs, or raise the limit of open files',
  EADDRINUSE: 'the port is in use: choose another with --port',
};

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}

/** Turns an error into a sentence for a person and an exit code. */
export function explain(error: unknown): { message: string; exitCode: number } {
  if (error instanceof UsageError) return { message: error.message, exitCode: 2 };
  if (error instanceof UserError) return { message: error.message, exitCode: 1 };
  if (error instanceof Cancelled) return { message: error.message, exitCode: CANCELLED };
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    const where = issue?.path.join('.') ?? '';
    return { message: `${where}: ${issue?.message ?? 'invalid'}`, exitCode: 1 };
  }
  if (error instanceof Error && error.name === 'AbortError') {
    return { message: 'Cancelled.', exitCode: CANCELLED };
  }
  if (isSystemError(error)) {
    const words = SYSTEM[error.code ?? ''];
    if (words !== undefined) {
      return { message: `${error.path ?? error.syscall ?? 'A file'}: ${words}.`, exitCode: 1 };
    }
  }
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split('\n')[0] ?? '';
  return {
    message: `Unexpected error: ${line} (--debug shows where it happened, "overread doctor" where the log is)`,
    exitCode: 1,
  };
}

/**
 * Runs the program and returns the exit code; never throws.
 * @param argv the arguments after the program's name.
 */
export async function runProgram(
  program: Command,
  argv: readonly string[],
  session: Session,
): Promise<number> {
  const began = Date.now();
  const note = async (exitCode: number, err: unknown): Promise<void> => {
    const ms = Date.now() - began;
    if (exitCode !== 1 && ms < LONG_MS) return;
    const named = argv.find((argument) => !argument.startsWith('-'));
    const known = program.commands.some((command) => command.name() === named);
    await session.log?.({ command: (known && named) || '', exitCode, ms, err });
  };
  try {
    await program.parseAsync(argv, { from: 'user' });
    await note(0, null);
    return 0;
  } catch (error) {
    session.terminal.endProgress();
    // Commander has already written its message or the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const said = error instanceof UserError || error instanceof Cancelled;
    const cancelled = session.signal.aborted && !said;
    const { message, exitCode } = explain(cancelled ? new Cancelled('Cancelled.') : error);
    session.terminal.say(`overread: ${message}`);
    if (argv.includes('--debug') && error instanceof Error) {
      session.terminal.say(error.stack ?? error.message);
    }
    await note(exitCode, error);
    return exitCode;
  }
}
