/**
 * The main process's handle on the audit process: starts it, sends it requests, receives its events, and
 * can start it again after a crash.
 */
import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';
import type { FromAudit, ToAudit } from './messages.ts';
import { Programs } from './programs.ts';
import { Asker } from './wire/ask.ts';
import { isAnswering } from './wire/messages.ts';

/** Messages that the audit process sends unasked: that it is ready, events, the list of projects. */
export type Said = Extract<FromAudit, { type: 'ready' | 'event' | 'projects' | 'keys' }>;

export interface AuditEvents {
  readonly onSaid: (said: Said) => void;
  /** Called when the audit process ended unexpectedly. New requests wait until it is started again. */
  readonly onCrash: (code: number) => void;
}

const ENTRY = fileURLToPath(new URL('./audit-process.js', import.meta.url));
/** How long `close` waits for the process to end: a cancelled training finishes its step first. */
const FAREWELL_MS = 10_000;

export class Audit {
  readonly #events: AuditEvents;
  readonly #asker = new Asker((message) => this.#post(message));
  readonly #programs = new Programs((message, ports) => this.#post(message, ports));
  #child: UtilityProcess | null = null;
  /** Functions that each resume a request that waits until the audit process is ready. */
  #waiting: (() => void)[] = [];
  #ready = false;
  #closing = false;

  constructor(events: AuditEvents) {
    this.#events = events;
  }

  /** @param folder the project to open, or null */
  start(folder: string | null): void {
    const child = utilityProcess.fork(ENTRY, folder === null ? [] : [folder], {
      serviceName: 'Overread audit',
      stdio: 'inherit',
    });
    this.#child = child;
    child.on('message', (message: FromAudit) => this.#take(message));
    child.once('exit', (code) => this.#ended(code));
  }

  /**
   * Sends a request to the audit process as soon as that is ready.
   * @returns the process's response
   * @throws Lost if the process ends before it answers
   */
  async fetch(request: Request): Promise<Response> {
    if (!this.#ready) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#asker.fetch(request);
  }

  /** Asks the audit process to release the project and end; kills it after `FAREWELL_MS`. */
  close(): Promise<void> {
    const child = this.#child;
    this.#closing = true;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => child.kill(), FAREWELL_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#post({ type: 'close' });
    });
  }

  #post(message: ToAudit, ports: Electron.MessagePortMain[] = []): void {
    this.#child?.postMessage(message, ports);
  }

  #take(message: FromAudit): void {
    if (isAnswering(message)) this.#asker.take(message);
    else if (message.type === 'start-program') this.#programs.start(message.id, message.program);
    else if (message.type === 'kill-program') this.#programs.kill(message.id);
    else {
      if (message.type === 'ready') {
        this.#ready = true;
        for (const go of this.#waiting.splice(0)) go();
      }
      this.#events.onSaid(message);
    }
  }

  #ended(code: number): void {
    this.#child = null;
    this.#ready = false;
    this.#programs.killAll();
    this.#asker.lost();
    if (!this.#closing) this.#events.onCrash(code);
  }
}
