/** Byte ranges of RFC 9110 (section 14), one range a request. Pure. */

/** The bytes from `start` to `end` − 1. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const ONE_RANGE = /^bytes[ \t]*=[ \t,]*(\d*)-(\d*)[ \t,]*$/i;

/**
 * Reads a Range header for a representation of `length` bytes.
 * @returns the range; `unsatisfiable` if it lies outside the representation; or null if the server
 *   ignores the header, which is missing or malformed, or has another unit or several ranges
 */
export function parseRange(
  header: string | undefined | null,
  length: number,
): ByteRange | 'unsatisfiable' | null {
  if (!header) return null;
  const match = ONE_RANGE.exec(header);
  if (!match) return null;
  const [, first = '', last = ''] = match;
  if (first === '') {
    if (last === '') return null;
    const suffix = Number(last);
    if (suffix === 0 || length === 0) return 'unsatisfiable';
    return { start: Math.max(0, length - suffix), end: length };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= length) return 'unsatisfiable';
  const end = last === '' ? length : Math.min(length, Number(last) + 1);
  return { start, end };
}

/** Whether an If-None-Match header names `etag`, by the weak comparison (RFC 9110, 8.8.3.2). */
export function matchesNone(header: string | undefined | null, etag: string): boolean {
  if (!header) return false;
  if (header.trim() === '*') return true;
  const plain = etag.replace(/^W\//, '');
  return [...header.matchAll(/(?:W\/)?"[^"]*"/g)].some(
    ([candidate]) => candidate.replace(/^W\//, '') === plain,
  );
}
