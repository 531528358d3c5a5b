/**
 * Starts programs as forked processes of Node. Except on Windows, the child leaves the terminal's
 * process group: Ctrl-C then reaches only this process, which cancels the child. The child is killed
 * when this process exits. If this process is killed, the channel closes and the child exits by itself.
 */
import { fork } from 'node:child_process';
import type { ProcessHost } from './host.ts';
import { SWITCHES, Tail, programEnvironment } from './program.ts';

export const forkHost: ProcessHost = {
  start(_name, entry, { onMessage, onExit }) {
    const child = fork(entry, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: process.platform !== 'win32',
      execArgv: SWITCHES,
      // Messages are structured clones, as in Electron: JSON would change NaN and byte arrays.
      serialization: 'advanced',
      env: programEnvironment(),
    });
    const tail = new Tail();
    tail.follow(child.stdout, child.stderr);
    child.on('message', onMessage);

    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    let ended = false;
    const end = (code: number | null, signal: string | null, problem: string | null): void => {
      if (ended) return;
      ended = true;
      process.removeListener('exit', kill);
      onExit({ code, signal, tail: tail.text, problem });
    };
    child.once('error', (error) => {
      if (child.pid === undefined) end(null, null, error.message);
    });
    child.once('close', (code, signal) => end(code, signal, null));
    return {
      pid: child.pid ?? -1,
      kill,
      send: (message) => {
        // The channel may close at any moment; `onExit` then reports the end.
        if (child.connected) child.send(message as object, () => undefined);
      },
    };
  },
};
