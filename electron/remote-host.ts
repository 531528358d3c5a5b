/**
 * Starts programs (trainer, scorer) for the audit process. In the packaged application that process cannot
 * fork, so it asks the main process to start them and gets a port to each.
 */
import type {
  ProcessHost,
  RunningProgram,
  ProgramEvents,
  ProgramName,
} from '../audit/processes/host.ts';
import { exitOf } from './exit.ts';
import type { FromAudit, ToAudit } from './messages.ts';

type Told = Extract<ToAudit, { type: 'program-started' | 'program-ended' }>;

interface Running {
  readonly events: ProgramEvents;
  pid: number;
  port: Electron.MessagePortMain | null;
  /** Messages to the program that were sent before its port arrived. */
  waiting: unknown[];
}

export class RemoteHost implements ProcessHost {
  readonly #post: (message: FromAudit) => void;
  readonly #running = new Map<number, Running>();
  #count = 0;

  constructor(post: (message: FromAudit) => void) {
    this.#post = post;
  }

  start(program: ProgramName, _entry: string, events: ProgramEvents): RunningProgram {
    this.#count += 1;
    const id = this.#count;
    const running: Running = { events, pid: -1, port: null, waiting: [] };
    this.#running.set(id, running);
    this.#post({ type: 'start-program', id, program });
    return {
      get pid() {
        return running.pid;
      },
      send: (message) => {
        if (running.port) running.port.postMessage({ message });
        else running.waiting.push(message);
      },
      kill: () => this.#post({ type: 'kill-program', id }),
    };
  }

  take(told: Told, port: Electron.MessagePortMain | undefined): void {
    const running = this.#running.get(told.id);
    if (!running) return;
    if (told.type === 'program-ended') {
      this.#running.delete(told.id);
      running.port?.close();
      running.events.onExit(exitOf(told.code, told.tail));
      return;
    }
    if (!port) return;
    running.pid = told.pid;
    running.port = port;
    port.on('message', ({ data }: { data: { message?: unknown } }) => {
      if ('message' in data) running.events.onMessage(data.message);
      // An empty message asks whether all of the program's messages have arrived. The port keeps their
      // order, so they have, and an empty answer lets the program end.
      else port.postMessage({});
    });
    port.start();
    for (const message of running.waiting.splice(0)) port.postMessage({ message });
  }
}
