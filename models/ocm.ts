/**
 * The Overfitting Control Module of Pick-and-Learn: limits a mini-batch's scores by λ·tanh so that no
 * sample can take or lose all say, then a softmax over the batch makes weights of them.
 *
 * This plain version states the rule; the trainer's differentiable one is tested against it.
 */
export type Ocm = 'tanh-softmax' | 'softmax' | 'tanh' | 'none';

/**
 * @param scores one a sample of the mini-batch
 * @returns weights; they sum to 1 with a softmax, else each is the (limited) score over the batch size
 */
export function ocmWeights(scores: readonly number[], ocm: Ocm, lambda: number): number[] {
  const limited =
    ocm === 'tanh-softmax' || ocm === 'tanh'
      ? scores.map((score) => lambda * Math.tanh(score))
      : [...scores];
  if (ocm === 'tanh' || ocm === 'none') return limited.map((value) => value / scores.length);
  const largest = Math.max(...limited);
  const powers = limited.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
