/**
 * The channel between a program in a process of its own and the process that started it. A forked
 * program uses Node's channel. In the desktop application the first message from Electron brings a port,
 * which is the channel. The program ends when the process at the other end is gone.
 */
import type { MessagePort } from 'node:worker_threads';

/**
 * The form of every message on a port. With an empty envelope the program says that it has sent its last
 * message; the other end answers with an empty envelope.
 */
interface Envelope {
  readonly message?: unknown;
}

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  once(event: 'message', listener: (event: { ports: PortMain[] }) => void): void;
}
type PortMain = Pick<MessagePort, 'postMessage' | 'start' | 'close'> & {
  on(event: 'message', listener: (event: { data: Envelope }) => void): void;
  on(event: 'close', listener: () => void): void;
};

export interface Channel {
  send(message: unknown): void;
  /** Sends the last message and waits until it has left the process. */
  last(message: unknown): Promise<void>;
}

/** The longest wait for the answer to the program's empty envelope. */
const FAREWELL_MS = 2000;

function forked(onMessage: (message: unknown) => void): Channel {
  process.on('message', onMessage);
  process.on('disconnect', () => process.exit(1));
  return {
    send: (message) => void process.send?.(message),
    last: (message) =>
      new Promise((resolve) => {
        if (process.send) process.send(message, () => resolve());
        else resolve();
      }),
  };
}

function hosted(parent: ParentPort, onMessage: (message: unknown) => void): Channel {
  let farewell = (): void => undefined;
  const port = new Promise<PortMain>((resolve) => {
    parent.once('message', ({ ports: [port] }) => {
      port.on('message', ({ data }) => {
        if ('message' in data) onMessage(data.message);
        else farewell();
      });
      port.on('close', () => process.exit(1));
      port.start();
      resolve(port);
    });
  });
  const post = (envelope: Envelope): void => void port.then((open) => open.postMessage(envelope));
  return {
    send: (message) => post({ message }),
    last: (message) =>
      new Promise((resolve) => {
        farewell = resolve;
        setTimeout(resolve, FAREWELL_MS).unref();
        post({ message });
        post({});
      }),
  };
}

/** Opens the channel. `onMessage` also gets the messages that arrived before this call. */
export function openChannel(onMessage: (message: unknown) => void): Channel {
  const parent = (process as { parentPort?: ParentPort }).parentPort;
  return parent ? hosted(parent, onMessage) : forked(onMessage);
}
