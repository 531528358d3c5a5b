/** Answers: refusals with a status, and bytes with validators, caching and ranges. */
import type { ApiError } from '../../contract/api.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { UsageError, UserError } from '../../errors.ts';
import { matchesNone, parseRange } from './ranges.ts';

/** The kind of a refusal that names no other. */
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

/** Refusals of the server itself: one sentence and the status it is sent with. */
export class Refusal extends UserError {
  readonly status: 400 | 401 | 403 | 404 | 409 | 412 | 413 | 415;

  constructor(status: Refusal['status'], message: string, code: ErrorCode = CODES[status]) {
    super(message, { code });
    this.status = status;
  }
}

/** Whether an error's message is a sentence for a person; all others are defects. */
export const isSentence = (error: unknown): error is UserError | UsageError =>
  error instanceof UserError || error instanceof UsageError;

/** The content type of raw samples and masks. */
export const OCTETS = 'application/octet-stream';

/**
 * An error as it is sent: its sentence and its kind.
 * @param unforeseen what a person reads of an error that nobody foresaw
 */
export function apiError(error: unknown, unforeseen: string): ApiError {
  return isSentence(error)
    ? { error: error.message, code: error.code }
    : { error: unforeseen, code: 'internal' };
}

/** A year, the longest that caches are asked to keep anything. */
const YEAR = 31_536_000;

export interface Bytes {
  readonly body: Uint8Array;
  readonly type: string;
  /** Strong validator without its quotes. */
  readonly etag: string;
  /** True only where the URL itself names this content, so that it can never mean another. */
  readonly immutable: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends bytes: 200, 206 for one satisfiable range, 304 when the client has them, 416 for a range
 * outside. A range is heeded for GET only, and only while If-Range (when sent) names this content.
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
  const heed = request.method === 'GET' && (ifRange === null || ifRange === etag);
  const range = heed ? parseRange(request.headers.get('range'), bytes.body.length) : null;
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
  // A copy-free view; the type of Response wants an ArrayBuffer under it, which ours always is.
  return new Response(part as Uint8Array<ArrayBuffer>, { status: range ? 206 : 200, headers });
}
