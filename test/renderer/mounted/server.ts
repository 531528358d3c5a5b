/** A server for components: `fetch` answers as the real one does, and requests are written down. */
import { vi } from 'vitest';
import type { ErrorCode } from '../../../audit/contract/errors.ts';

export interface Asked {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** What stands in place of the route's `:names`. */
  readonly named: Readonly<Record<string, string>>;
}

/** Gives a `Response`, or a value that is sent as JSON. */
type Answer = (asked: Asked) => unknown;

/** Answers by method and path: `GET /api/cases/:id`. */
export type Routes = Readonly<Record<string, Answer>>;

/** The server says no. */
export function refusal(status: number, error: string, code: ErrorCode = 'failed'): Response {
  return Response.json({ error, code }, { status });
}

function namesIn(route: string, path: string): Record<string, string> | null {
  const [wanted, given] = [route.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const named: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const text = decodeURIComponent(given[i]);
    if (part.startsWith(':')) named[part.slice(1)] = text;
    else if (part !== text) return null;
  }
  return named;
}

export class FakeServer {
  readonly #asked: Asked[] = [];
  /** The newest first. */
  #routes: readonly (readonly [string, Answer])[] = [];

  /** Requests so far whose method and path are these. */
  asked(route: string): readonly Asked[] {
    return this.#asked.filter(({ method, path }) => `${method} ${path}` === route);
  }

  /** What was sent in the bodies of these requests. */
  sent(route: string): unknown[] {
    return this.asked(route).map(({ body }) => body);
  }

  /** Answers these from now on. */
  answer(routes: Routes): void {
    this.#routes = [...Object.entries(routes), ...this.#routes];
  }

  async fetch(address: string, init: RequestInit = {}): Promise<Response> {
    const { pathname, searchParams } = new URL(address, 'http://overread.test');
    const { method = 'GET', body } = init;
    const request = {
      method,
      path: decodeURIComponent(pathname),
      query: Object.fromEntries(searchParams),
      body: typeof body === 'string' ? (JSON.parse(body) as unknown) : null,
    };
    for (const [route, answer] of this.#routes) {
      const [verb, pattern] = route.split(' ');
      const named = verb === method ? namesIn(pattern, pathname) : null;
      if (!named) continue;
      const asked = { ...request, named };
      this.#asked.push(asked);
      const answered = await answer(asked);
      if (init.signal?.aborted) throw new DOMException('taken back', 'AbortError');
      return answered instanceof Response ? answered : Response.json(answered);
    }
    this.#asked.push({ ...request, named: {} });
    return refusal(404, 'There is nothing at this address.', 'not-found');
  }
}

/** Stands in for the server until the test ends. */
export function serve(routes: Routes): FakeServer {
  const server = new FakeServer();
  server.answer(routes);
  const real = window.fetch.bind(window);
  vi.spyOn(window, 'fetch').mockImplementation((input, init) => {
    const address = input instanceof Request ? input.url : String(input);
    return address.startsWith('/api/') ? server.fetch(address, init) : real(input, init);
  });
  return server;
}
