/**
 * A fake server for component tests: it answers `fetch` with a test's answers, and records the
 * requests.
 */
import { vi } from 'vitest';
import type { ErrorCode } from '../../../audit/contract/errors.ts';

export interface Asked {
  readonly method: string;
  /** Path of the request, decoded, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Values in the path for the route's `:names`, by name. */
  readonly named: Readonly<Record<string, string>>;
}

/** Gives the answer to a request: a `Response`, or a value that is sent as JSON. */
type Answer = (asked: Asked) => unknown;

/** Answers by method and path, such as `GET /api/cases/:id`. */
export type Routes = Readonly<Record<string, Answer>>;

/** The answer of a server that refuses a request. */
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
  /** Routes and their answers, the newest first: the first that matches is taken. */
  #routes: readonly (readonly [string, Answer])[] = [];

  /** The requests so far with this method and path, such as `GET /api/cases/c1`. */
  asked(route: string): readonly Asked[] {
    return this.#asked.filter(({ method, path }) => `${method} ${path}` === route);
  }

  /** The bodies of the requests so far with this method and path. */
  sent(route: string): unknown[] {
    return this.asked(route).map(({ body }) => body);
  }

  /** Adds routes, which from now on come before the earlier ones. */
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

/** Answers the window's requests to /api/ until the test ends. */
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
