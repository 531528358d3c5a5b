/** What a run was asked to do: kept with the run, so that it can be resumed exactly. */
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { BackendName, TrainConfig } from '../../trainer/messages.ts';

/** The configuration of one run of a project. */
export const RunConfig = z.object({
  training: TrainConfig,
  /** Side of the square that images and labels are resampled to. */
  size: z.number().int(),
  /** Asked for by the user; null takes the first that works. */
  backend: BackendName.nullable(),
  structures: z.array(z.string()).min(1),
  /** Run whose weights this one starts from. */
  startFrom: z.string().nullable(),
  /** Number of folds, each scored by networks that have not seen it; null trains once on all. */
  folds: z.number().int().min(2).nullable(),
});
export type RunConfig = z.infer<typeof RunConfig>;

export const SMALLEST_SIZE = 32;
export const LARGEST_SIZE = 1024;

/**
 * @throws UserError unless the networks can halve `size` in every level.
 */
export function checkSize(size: number, training: TrainConfig): void {
  const step = 2 ** Math.max(training.levels - 1, training.qamWidths.length);
  if (size < SMALLEST_SIZE || size > LARGEST_SIZE || size % step !== 0) {
    throw new UserError(
      `The size must be a multiple of ${step} from ${SMALLEST_SIZE} to ${LARGEST_SIZE}, not ${size}.`,
    );
  }
}
