/** Checks the options of a reader. */
import { z } from 'zod';
import { UserError } from '../../errors.ts';

/**
 * Parses the options with the reader's schema.
 * @throws UserError when they do not match the schema.
 */
export function checkedOptions<T>(schema: z.ZodType<T>, options: unknown): T {
  const given = schema.safeParse(options);
  if (given.success) return given.data;
  throw new UserError(`The options of the import are wrong: ${z.prettifyError(given.error)}`);
}
