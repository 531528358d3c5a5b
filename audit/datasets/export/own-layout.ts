/** Checks the layout for a writer that can only write datasets that came in its format. */
import type { z } from 'zod';
import { UserError } from '../../errors.ts';

/**
 * @param layout the `layout` that the import stored, or null for a dataset of another format
 * @param format the writer's format
 * @param instead the format that the error suggests for other datasets
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
