/**
 * The channel of a program that runs in a process of its own, to whoever started it: Node's, where
 * it was forked; in the desktop application a port that comes with the first message of Electron's.
 * When the other end is gone, so is the program.
 */
import type { MessagePort } from 'node:worker_threads';

/** Every message is in an envelope on a port; an empty one is a farewell, and is answered so. */
interface Envelope {
  readonly message?: unknown;
}

/** What Electron adds to a process that it started, as far as it is used here. */
interface ParentPort {
  once(event: 'message', listener: (event: { ports: PortMain[] }) => void): void;
}
type PortMain = Pick<MessagePort, 'postMessage' | 'start' | 'close'> & {
  on(event: 'message', listener: (event: { data: Envelope }) => void): void;
  on(event: 'close', listener: () => void): void;
};

export interface Channel {
  send(message: unknown): void;
  /** Sends and waits until it is out, so that the last words are heard. */
  last(message: unknown): Promise<void>;
}

/** Nobody who is there takes so long to answer a farewell. */
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

/** Opens the channel. Messages that came before are not lost. */
export function openChannel(onMessage: (message: unknown) => void): Channel {
  const parent = (process as { parentPort?: ParentPort }).parentPort;
  return parent ? hosted(parent, onMessage) : forked(onMessage);
}
