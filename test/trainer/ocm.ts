/** The OCM in plain numbers, which the trainer's differentiable `ocm` is compared with. */
import type { TrainConfig } from '../../trainer/messages.ts';

/**
 * @param scores one for each sample of the mini-batch
 * @returns one weight for each sample. With a softmax they sum to 1; else each is the score, limited
 *   for `tanh`, divided by the batch size
 */
export function ocmWeights(
  scores: readonly number[],
  kind: TrainConfig['ocm'],
  lambda: number,
): number[] {
  const limited =
    kind === 'tanh-softmax' || kind === 'tanh'
      ? scores.map((score) => lambda * Math.tanh(score))
      : [...scores];
  if (kind === 'tanh' || kind === 'none') return limited.map((value) => value / scores.length);
  const largest = Math.max(...limited);
  const powers = limited.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
