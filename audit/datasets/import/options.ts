/** The options that a dataset is opened with. */
import { z } from 'zod';
import { UserError } from '../../errors.ts';

/**
 * The options as the reader's schema has them.
 * @throws UserError when they do not fit it.
 */
export function checkedOptions<T>(schema: z.ZodType<T>, options: unknown): T {
  const given = schema.safeParse(options);
  if (given.success) return given.data;
  throw new UserError(`The options of the import are wrong: ${z.prettifyError(given.error)}`);
}
