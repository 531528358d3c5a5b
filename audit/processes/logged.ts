/** A host that tells of every program that ended by itself and not as it should. */
import type { Exit, ProcessHost, ProgramName } from './host.ts';

/** What the log holds of it. */
export type ProgramEnding = Exit & { readonly program: ProgramName };

/** @param tell not called for a program that was killed on purpose */
export function loggedHost(host: ProcessHost, tell: (ending: ProgramEnding) => void): ProcessHost {
  return {
    start(name, entry, { onMessage, onExit }) {
      let killed = false;
      const program = host.start(name, entry, {
        onMessage,
        onExit: (exit) => {
          if (!killed && (exit.code !== 0 || exit.problem !== null))
            tell({ program: name, ...exit });
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
