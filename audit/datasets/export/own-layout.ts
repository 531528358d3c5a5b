/** The layout of a dataset that is written in the format it came in, and in no other. */
import type { z } from 'zod';
import { UserError } from '../../errors.ts';

/**
 * @param layout what the format's reader left; null of a dataset of another format
 * @param format the format's name
 * @param instead the format to use for other datasets
 * @throws UserError when the dataset came in another format.
 */
export function ownLayout<T>(
  schema: z.ZodType<T>,
  layout: unknown,
  format: string,
  instead: string,
): T {
  if (layout !== null) return schema.parse(layout);
  throw new UserError(
    `Only a dataset that came as ${format} is written as ${format}: use --format ${instead}.`,
  );
}
