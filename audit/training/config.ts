/**
 * The configuration of a run. It is stored with the run, so that a run that stopped resumes with the
 * same settings.
 */
import { RunConfig } from '../contract/api.ts';
import { UserError } from '../errors.ts';
import type { TrainConfig } from '../../trainer/messages.ts';

export { RunConfig };

/** Smallest and largest side of the networks' square input, in pixels. */
const SMALLEST_SIZE = 32;
const LARGEST_SIZE = 1024;

/** @throws UserError unless `size` is in range and the networks can halve it at every level */
export function checkSize(size: number, training: TrainConfig): void {
  const step = 2 ** Math.max(training.levels - 1, training.qamWidths.length);
  if (size < SMALLEST_SIZE || size > LARGEST_SIZE || size % step !== 0) {
    throw new UserError(
      `The size must be a multiple of ${step} from ${SMALLEST_SIZE} to ${LARGEST_SIZE}, not ${size}.`,
    );
  }
}
