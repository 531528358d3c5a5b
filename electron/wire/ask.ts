/** The asking side of the channel: a function like `fetch` whose requests another process answers. */
import { WINDOW } from './messages.ts';
import type { Answering, Asking } from './messages.ts';

interface Pending {
  readonly head: (response: Response) => void;
  readonly fail: (error: Error) => void;
  controller: ReadableStreamDefaultController<Uint8Array> | null;
  /** How many chunks the other side may still send before it must wait for a `room` message. */
  underway: number;
}

/** Headers that describe the connection, not the answer. */
const HOP = new Set(['connection', 'transfer-encoding', 'keep-alive']);
const NO_BODY = new Set([101, 204, 205, 304]);

export class Lost extends Error {
  override readonly name = 'Lost';
}

export class Asker {
  readonly #post: (message: Asking) => void;
  readonly #pending = new Map<number, Pending>();
  #count = 0;

  constructor(post: (message: Asking) => void) {
    this.#post = post;
  }

  /** @throws Lost when the other process ends before it answers */
  async fetch(request: Request): Promise<Response> {
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer());
    this.#count += 1;
    const id = this.#count;
    const { method, url } = request;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { head: resolve, fail: reject, controller: null, underway: WINDOW });
      this.#post({ type: 'request', id, method, url, headers: [...request.headers], body });
    });
  }

  take(message: Answering): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    switch (message.type) {
      case 'head':
        pending.head(this.#response(message, pending));
        if (!message.body) this.#pending.delete(message.id);
        return;
      case 'chunk':
        pending.underway -= 1;
        pending.controller?.enqueue(message.bytes);
        return;
      case 'end':
        this.#pending.delete(message.id);
        pending.controller?.close();
        return;
      case 'broken':
        this.#pending.delete(message.id);
        this.#break(pending, new Error('the answer broke off'));
        return;
    }
  }

  /** Fails all requests that are not answered completely, because the other process has ended. */
  lost(): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) this.#break(pending, new Lost('the other process ended'));
  }

  #break(pending: Pending, error: Error): void {
    if (pending.controller) pending.controller.error(error);
    else pending.fail(error);
  }

  #response(head: Extract<Answering, { type: 'head' }>, pending: Pending): Response {
    const { id, status } = head;
    const headers = new Headers(
      head.headers.filter(([name]) => !HOP.has(name)).map(([name, value]) => [name, value]),
    );
    if (!head.body || NO_BODY.has(status)) return new Response(null, { status, headers });
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          pending.controller = controller;
        },
        // The stream calls this whenever a chunk was read.
        pull: (controller) => {
          const chunks = (controller.desiredSize ?? 0) - pending.underway;
          if (chunks <= 0) return;
          pending.underway += chunks;
          this.#post({ type: 'room', id, chunks });
        },
        cancel: () => {
          if (this.#pending.delete(id)) this.#post({ type: 'cancel', id });
        },
      },
      new CountQueuingStrategy({ highWaterMark: WINDOW }),
    );
    return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { status, headers });
  }
}
