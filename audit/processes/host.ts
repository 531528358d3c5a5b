/**
 * Where programs of their own run: the trainer, and what scores. From the command line and the
 * server they are forked; the desktop's window has its shell start them (see `electron/`). Whatever
 * happens to one of them ends that one alone.
 */

/** How a program ended, and the last that it wrote. */
export interface Exit {
  readonly code: number | null;
  /** The signal that ended it, as far as it is known. */
  readonly signal: string | null;
  /** The end of its standard output and error together. */
  readonly tail: string;
  /** Why it did not even start. */
  readonly problem: string | null;
}

export interface ProgramEvents {
  readonly onMessage: (message: unknown) => void;
  /** Once, after its last message. */
  readonly onExit: (exit: Exit) => void;
}

/** A program at work. It ends by itself when this process is gone. */
export interface RunningProgram {
  /** -1 while it is not known yet. */
  readonly pid: number;
  /** Plain data. Lost when the program has ended. */
  send(message: unknown): void;
  /** Ends it at once. */
  kill(): void;
}

export type ProgramName = 'trainer' | 'scorer';

export interface ProcessHost {
  /** @param entry the built program's file, which a host that knows it by name does not need */
  start(name: ProgramName, entry: string, events: ProgramEvents): RunningProgram;
}

let host: ProcessHost | null = null;

/** Once, when this process starts: where programs run that are not named otherwise. */
export function useProcessHost(other: ProcessHost): void {
  host = other;
}

/** What was set by `useProcessHost`, else `otherwise`. */
export function processHost(otherwise: ProcessHost): ProcessHost {
  return host ?? otherwise;
}
