/** How the scorer's process and its threads report an error. */
import { UserError } from '../errors.ts';
import type { Failure } from './types.ts';

export function failureOf(error: unknown): Failure {
  const user = error instanceof UserError;
  const message =
    error instanceof Error ? ((user ? null : error.stack) ?? error.message) : String(error);
  return { type: 'failed', message, user };
}
