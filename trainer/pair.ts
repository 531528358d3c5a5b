/**
 * A run may train two pairs of networks, each a segmenter and a QAM. Both learn from the same sample set, but
 * with other random numbers, and they hold out other cases. So a label is judged by two pairs that err apart,
 * and by one that has learned from its case where the other has not.
 */
import type { TrainConfig } from './messages.ts';

/** Added to the seed for the second pair. Large, so that a person's next seed is another training. */
const SECOND = 1_000_003;

/** The seed of the first weights, of the batches and of the augmentation of a pair. */
export function pairSeed({ seed, pair }: Pick<TrainConfig, 'seed' | 'pair'>): number {
  return pair === 2 ? seed + SECOND : seed;
}

/**
 * The order in which a pair takes cases to hold out: the second pair begins at the other end. So no case is
 * held out by both, unless they hold out more than half of the cases.
 * @param shuffled the cases, or groups of cases, in the order of the first pair
 */
export function heldOutOrder<Unit>(
  shuffled: readonly Unit[],
  { pair }: Pick<TrainConfig, 'pair'>,
): readonly Unit[] {
  return pair === 2 ? [...shuffled].reverse() : shuffled;
}
