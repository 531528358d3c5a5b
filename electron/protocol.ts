/**
 * The application's own protocol: the audit process answers requests to `overread://app/`. No port is
 * opened, and only Overread's own page gets answers.
 */
import { protocol, session } from 'electron';

const SCHEME = 'overread';
export const ORIGIN = `${SCHEME}://app`;
export const START = `${ORIGIN}/`;
/** The page of the second window. */
export const STAGE = `${START}#stage=desktop`;

/** Makes the scheme a secure origin that its page may `fetch` from. Call it before Electron is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
    },
  ]);
}

/** Whether an address belongs to the application. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol: scheme, host } = new URL(address);
  return scheme === `${SCHEME}:` && host === 'app';
}

/** Whether a page of another origin caused the request. The request for a page itself has no origin. */
function isForeign(headers: Headers): boolean {
  const origin = headers.get('origin');
  if (origin !== null && origin !== ORIGIN) return true;
  const referrer = headers.get('referer');
  if (referrer !== null && !isOurs(referrer)) return true;
  const site = headers.get('sec-fetch-site');
  return site !== null && site !== 'same-origin' && site !== 'none';
}

function refusal(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: { 'cache-control': 'no-store' } });
}

/** Answers all requests to the scheme with `answer`. */
export function setUpProtocol(answer: (request: Request) => Promise<Response>): void {
  session.defaultSession.protocol.handle(SCHEME, async (request) => {
    if (!isOurs(request.url)) return refusal(404, 'There is nothing at this address.');
    if (isForeign(request.headers)) {
      return refusal(403, 'Only Overread’s own pages may send requests to it.');
    }
    try {
      return await answer(request);
    } catch {
      return refusal(503, 'Overread is restarting. Try again in a moment.');
    }
  });
}
