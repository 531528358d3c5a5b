/**
 * The interface that starts the trainer and the scorer in processes of their own. The command line and
 * the server fork them; in the desktop application Electron starts them (`electron/`). A crash of one
 * program does not end this process.
 */

/** How a program ended, and the end of its output. */
export interface Exit {
  readonly code: number | null;
  /** The signal that ended the program, or null if there was none or it is unknown. */
  readonly signal: string | null;
  /** The end of the program's output, standard output and standard error together. */
  readonly tail: string;
  /** Why the program could not be started, or null if it started. */
  readonly problem: string | null;
}

export interface ProgramEvents {
  readonly onMessage: (message: unknown) => void;
  /** Called once, after the last message. */
  readonly onExit: (exit: Exit) => void;
}

/** A running program. It ends by itself if this process ends. */
export interface RunningProgram {
  /** The process id, or -1 as long as it is unknown. */
  readonly pid: number;
  /** Sends a message of plain data. The message is lost if the program has ended. */
  send(message: unknown): void;
  /** Ends the program at once. */
  kill(): void;
}

export type ProgramName = 'trainer' | 'scorer';

export interface ProcessHost {
  /** @param entry the program's built file; a host that finds programs by name ignores it */
  start(name: ProgramName, entry: string, events: ProgramEvents): RunningProgram;
}

let host: ProcessHost | null = null;

/** Sets the host that starts the programs of this process; call it once, when the process starts. */
export function useProcessHost(other: ProcessHost): void {
  host = other;
}

/** The host set by `useProcessHost`, else `fallback`. */
export function processHost(fallback: ProcessHost): ProcessHost {
  return host ?? fallback;
}
