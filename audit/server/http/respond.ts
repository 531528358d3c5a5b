/** Responses: refusals with a status, and bytes with validators, caching and ranges. */
import type { ApiError } from '../../contract/api.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { UsageError, UserError } from '../../errors.ts';
import { matchesNone, parseRange } from './ranges.ts';

/** The default error code of each status. */
const CODES: Readonly<Record<Refusal['status'], ErrorCode>> = {
  400: 'usage',
  401: 'forbidden',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  412: 'conflict',
  413: 'usage',
  415: 'usage',
};

/** The refusal of a request: one sentence for a person, and the status of the response. */
export class Refusal extends UserError {
  readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415;

  constructor(status: Refusal['status'], message: string, code: ErrorCode = CODES[status]) {
    super(message, { code });
    this.status = status;
  }
}

/** Whether an error's message is a sentence for a person. Any other error is a defect. */
export const isSentence = (error: unknown): error is UserError | UsageError =>
  error instanceof UserError || error instanceof UsageError;

/** The content type of raw samples and masks. */
export const OCTETS = 'application/octet-stream';

/**
 * The body of the response to an error.
 * @param unforeseen the message for a person if the error is a defect
 */
export function apiError(error: unknown, unforeseen: string): ApiError {
  return isSentence(error)
    ? { error: error.message, code: error.code }
    : { error: unforeseen, code: 'internal' };
}

/** How long a browser may keep an immutable answer, in seconds. */
const YEAR = 31_536_000;

export interface Bytes {
  readonly body: Uint8Array;
  /** The content type. */
  readonly type: string;
  /** The ETag, a strong validator, without its quotes. */
  readonly etag: string;
  /** Whether the address names this very content, so that the browser may keep it for good. */
  readonly immutable: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends bytes: 200, 206 for a satisfiable range, 304 if the client has the bytes, 416 if the range lies
 * outside of them. A range is ignored unless the method is GET and any If-Range header names this
 * content.
 */
export function sendBytes(request: Request, bytes: Bytes): Response {
  const etag = `"${bytes.etag}"`;
  const headers = new Headers({
    ...bytes.headers,
    'content-type': bytes.type,
    etag,
    'accept-ranges': 'bytes',
    'cache-control': bytes.immutable ? `private, max-age=${YEAR}, immutable` : 'private, no-cache',
  });
  if (matchesNone(request.headers.get('if-none-match'), etag)) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  const ifRange = request.headers.get('if-range');
  const rangeCounts = request.method === 'GET' && (ifRange === null || ifRange === etag);
  const range = rangeCounts ? parseRange(request.headers.get('range'), bytes.body.length) : null;
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${bytes.body.length}`);
    headers.set('cache-control', 'no-store');
    headers.set('content-type', 'application/json');
    const said: ApiError = {
      error: `The range is outside of the ${bytes.body.length} bytes.`,
      code: 'usage',
    };
    return new Response(JSON.stringify(said), { status: 416, headers });
  }
  const part = range ? bytes.body.subarray(range.start, range.end) : bytes.body;
  headers.set('content-length', String(part.length));
  if (range) {
    headers.set('content-range', `bytes ${range.start}-${range.end - 1}/${bytes.body.length}`);
  }
  // The type of `Response` asks for a view of an ArrayBuffer. `part` always is one.
  return new Response(part as Uint8Array<ArrayBuffer>, { status: range ? 206 : 200, headers });
}
