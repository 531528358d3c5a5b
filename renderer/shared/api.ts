/** The client of the server, over the desktop's protocol or a loopback port. */
import { createClient } from '../../audit/contract/client.ts';

export const client = createClient((address, init) => fetch(address, init));

/** Turns anything that was thrown into one sentence for a person. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && error.name === 'ApiFailure') return error.message;
  if (error instanceof TypeError) return 'Overread’s server cannot be reached; trying again.';
  return error instanceof Error ? error.message : String(error);
}

/** Whether the request was aborted. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
