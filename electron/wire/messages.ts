/**
 * How a request and its answer pass between the main process and the process of the audit's
 * application: plain data over one channel, each request under a number. Chunks of a body are sent
 * as far as the receiver said that it has room, so a slow window slows the sender.
 */

export type Headers = readonly (readonly [string, string])[];

/** From the main process. */
export type Asking =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly method: string;
      readonly url: string;
      readonly headers: Headers;
      readonly body: Uint8Array | null;
    }
  /** There is room for so many chunks more. */
  | { readonly type: 'room'; readonly id: number; readonly chunks: number }
  /** Nobody wants the rest of the answer any more. */
  | { readonly type: 'cancel'; readonly id: number };

/** From the audit's process. */
export type Answering =
  | {
      readonly type: 'head';
      readonly id: number;
      readonly status: number;
      readonly headers: Headers;
      /** Whether chunks follow. */
      readonly body: boolean;
    }
  | { readonly type: 'chunk'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly id: number }
  /** The application threw, or its body broke off. */
  | { readonly type: 'broken'; readonly id: number };

/** Chunks of one answer for which there is room at first. */
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

/** Both ends are ours, so only the kind of a message is checked. */
export const isAsking = (message: unknown): message is Asking => ASKING.has(typeOf(message));
export const isAnswering = (message: unknown): message is Answering =>
  ANSWERING.has(typeOf(message));
