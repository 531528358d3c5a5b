/** What a project keeps of its dataset's layout, which somebody else may have written. */
import { ZodError } from 'zod';
import { UserError } from '../../errors.ts';

function explained(error: unknown): unknown {
  if (!(error instanceof ZodError)) return error;
  return new UserError(
    'What the project keeps of its dataset’s layout is not what Overread writes: import the dataset again, or export in another format.',
    { code: 'bad-file', cause: error },
  );
}

/** Runs `work`, which reads a kept layout. @throws UserError if Overread did not write the layout */
export async function readingLayout<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error);
  }
}
