/**
 * The gate in front of the application on a loopback port. It lets a request through if it has the
 * token, names a loopback host (against DNS rebinding), and comes from no page of another origin.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiError } from '../../contract/api.ts';
import { refusalPage, loginPage } from '../pages/plain.ts';

/** The cookie's name. A browser sends cookies to every port of a host, so that each server has its own name. */
function cookieName(host: string): string {
  return `overread-token-${/:(\d{1,5})$/.exec(host)?.[1] ?? '80'}`;
}

type Fetch = (request: Request) => Response | Promise<Response>;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Host headers that name this machine. Any port is allowed, since a forwarded port has another number.
 */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

function cookieOf(request: Request, host: string): string | null {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const [name, ...value] = pair.trim().split('=');
    if (name === cookieName(host)) return value.join('=');
  }
  return null;
}

function bearerOf(request: Request): string | null {
  const match = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '');
  return match?.[1] ?? null;
}

function refuse(
  request: Request,
  status: 401 | 403,
  sentence: string,
): Response | Promise<Response> {
  const wantsPage = (request.headers.get('accept') ?? '').includes('text/html');
  if (wantsPage) return refusalPage(status, sentence);
  const said: ApiError = { error: sentence, code: 'forbidden' };
  return Response.json(said, {
    status,
    headers: {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
  });
}

/** Whether a page of another origin made the browser send the request. */
function isForeign(request: Request, host: string): boolean {
  const origin = request.headers.get('origin');
  if (origin !== null && origin.toLowerCase() !== `http://${host.toLowerCase()}`) return true;
  const site = request.headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

/**
 * Puts the gate in front of `inner`.
 * @param token the token in the address that `overread serve` prints
 */
export function guarded(inner: Fetch, token: string): Fetch {
  const expected = digest(token);
  const matches = (given: string | null): boolean =>
    given !== null && timingSafeEqual(digest(given), expected);

  return async (request) => {
    const host = request.headers.get('host') ?? '';
    if (!LOOPBACK.test(host)) {
      return refuse(
        request,
        403,
        'Open Overread at 127.0.0.1 or localhost: it answers under no other host name.',
      );
    }
    const url = new URL(request.url);
    const asked = url.pathname === '/' ? url.searchParams.get('token') : null;
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (asked !== null && reading && request.headers.get('origin') === null) {
      if (!matches(asked)) {
        return refuse(request, 401, 'This address is not valid any more: use the newest one.');
      }
      return loginPage(`${cookieName(host)}=${token}; HttpOnly; SameSite=Strict; Path=/`);
    }
    if (isForeign(request, host)) {
      return refuse(request, 403, 'Only Overread’s own pages may send requests to it.');
    }
    if (!matches(bearerOf(request)) && !matches(cookieOf(request, host))) {
      return refuse(request, 401, 'Open the address that “overread serve” printed.');
    }
    return inner(request);
  };
}
