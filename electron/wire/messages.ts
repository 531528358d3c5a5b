/**
 * The messages that carry requests and responses between the main process and the audit process. They are
 * plain data over one channel; `id` is the number of the request. Chunks of a body are sent only while the
 * receiver has room, so a slow window slows the sender.
 */

export type Headers = readonly (readonly [string, string])[];

/** Messages from the main process. */
export type Asking =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly method: string;
      readonly url: string;
      readonly headers: Headers;
      readonly body: Uint8Array | null;
    }
  /** The receiver has room for this many more chunks. */
  | { readonly type: 'room'; readonly id: number; readonly chunks: number }
  /** The receiver does not need the rest of the response. */
  | { readonly type: 'cancel'; readonly id: number };

/** Messages from the audit process. */
export type Answering =
  | {
      readonly type: 'head';
      readonly id: number;
      readonly status: number;
      readonly headers: Headers;
      /** Whether chunks of a body follow. */
      readonly body: boolean;
    }
  | { readonly type: 'chunk'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly id: number }
  /** The application threw an error, or its response broke off. */
  | { readonly type: 'broken'; readonly id: number };

/** How many chunks of a response may be sent before the receiver says that it has room. */
export const WINDOW = 4;

const ASKING = new Set<unknown>(['request', 'room', 'cancel'] satisfies Asking['type'][]);
const ANSWERING = new Set<unknown>([
  'head',
  'chunk',
  'end',
  'broken',
] satisfies Answering['type'][]);

const typeOf = (message: unknown): unknown =>
  typeof message === 'object' && message !== null && 'type' in message ? message.type : undefined;

/** Overread sends all messages on this channel, so only the type of a message is checked. */
export const isAsking = (message: unknown): message is Asking => ASKING.has(typeOf(message));
export const isAnswering = (message: unknown): message is Answering =>
  ANSWERING.has(typeOf(message));
