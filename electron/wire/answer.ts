/** The answering side of the channel: passes each request to the application and sends its response back. */
import { WINDOW } from './messages.ts';
import type { Answering, Asking } from './messages.ts';

type Fetch = (request: Request) => Response | Promise<Response>;

/** The state of a response that is being sent. */
interface Under {
  readonly abort: AbortController;
  room: number;
  wake: () => void;
}

export class Answerer {
  readonly #fetch: Fetch;
  readonly #post: (message: Answering) => void;
  readonly #under = new Map<number, Under>();

  constructor(fetch: Fetch, post: (message: Answering) => void) {
    this.#fetch = fetch;
    this.#post = post;
  }

  take(message: Asking): void {
    if (message.type === 'request') {
      void this.#answer(message);
      return;
    }
    const under = this.#under.get(message.id);
    if (!under) return;
    if (message.type === 'cancel') under.abort.abort();
    else under.room += message.chunks;
    under.wake();
  }

  async #answer(asked: Extract<Asking, { type: 'request' }>): Promise<void> {
    const { id, method, url, headers, body } = asked;
    const under: Under = { abort: new AbortController(), room: WINDOW, wake: () => undefined };
    this.#under.set(id, under);
    try {
      const request = new Request(url, {
        method,
        headers: headers.map(([name, value]) => [name, value]),
        body: body as Uint8Array<ArrayBuffer> | null,
        signal: under.abort.signal,
      });
      const response = await this.#fetch(request);
      this.#post({
        type: 'head',
        id,
        status: response.status,
        headers: [...response.headers],
        body: response.body !== null,
      });
      if (response.body) await this.#send(id, response.body, under);
    } catch {
      this.#post({ type: 'broken', id });
    } finally {
      this.#under.delete(id);
    }
  }

  async #send(id: number, body: ReadableStream<Uint8Array>, under: Under): Promise<void> {
    const { signal } = under.abort;
    const reader = body.getReader();
    const leave = (): void => void reader.cancel().catch(() => undefined);
    signal.addEventListener('abort', leave, { once: true });
    for (;;) {
      while (under.room === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => (under.wake = resolve));
      }
      const { done, value } = await reader.read();
      if (signal.aborted) return;
      if (done) break;
      under.room -= 1;
      this.#post({ type: 'chunk', id, bytes: value });
    }
    this.#post({ type: 'end', id });
  }
}
