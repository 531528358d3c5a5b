/** A host that reports every program that failed. */
import type { Exit, ProcessHost, ProgramName } from './host.ts';

/** The log's record of a failed program. */
export type ProgramEnding = Exit & { readonly program: ProgramName };

/** @param report called for each program that failed, but not for one killed by `kill` */
export function loggedHost(
  host: ProcessHost,
  report: (ending: ProgramEnding) => void,
): ProcessHost {
  return {
    start(name, entry, { onMessage, onExit }) {
      let killed = false;
      const program = host.start(name, entry, {
        onMessage,
        onExit: (exit) => {
          if (!killed && (exit.code !== 0 || exit.problem !== null))
            report({ program: name, ...exit });
          onExit(exit);
        },
      });
      return {
        get pid() {
          return program.pid;
        },
        send: (message) => program.send(message),
        kill: () => {
          killed = true;
          program.kill();
        },
      };
    },
  };
}
