/**
 * The losses, as pure functions of tensors. Predictions `p` and labels `y` are [batch, height, width,
 * structures]. `present` is [batch, structures]: 0 for a label that is absent or excluded; the loss
 * leaves this label out.
 */
import type * as tfjs from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from './backends/types.ts';
import type { TrainConfig } from './messages.ts';

/** Pixels added to the dice's numerator and denominator: an empty label predicted as empty costs nothing. */
const DICE_SMOOTH = 1;

/** Keeps logarithms and quotients finite. */
const PROBABILITY_FLOOR = 1e-6;

/**
 * Soft dice loss per case and structure: 1 − (2 Σ p·y + 1) / (Σ p + Σ y + 1)
 * (Milletari, Navab, Ahmadi, 3DV 2016, with plain sums in the denominator).
 * @returns [batch, structures], 0 … 1
 */
export function diceLosses(tf: Tf, p: Tensor4D, y: Tensor4D): Tensor2D {
  const overlap = tf.sum(tf.mul(p, y), [1, 2]);
  const total = tf.add(tf.sum(p, [1, 2]), tf.sum(y, [1, 2]));
  const dice = tf.div(tf.add(tf.mul(overlap, 2), DICE_SMOOTH), tf.add(total, DICE_SMOOTH));
  return tf.sub(1, dice);
}

/**
 * Binary cross-entropy per case and structure: the mean over the pixels, divided by twice the structure's
 * mean share of the image. So the losses of a lung and a clavicle can be compared, and a larger mask is no
 * cheaper.
 * @param shares [structures], the mean share of the image that the structure's labels cover
 * @returns [batch, structures]
 */
export function sizeNeutralLoss(tf: Tf, p: Tensor4D, y: Tensor4D, shares: Tensor1D): Tensor2D {
  const q = tf.clipByValue(p, PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR);
  // y is 0 or 1, so |1 − y − q| is the probability of the label's class.
  const likelihood = tf.abs(tf.sub(tf.sub(1, y), q));
  return tf.div(tf.neg(tf.mean(tf.log(likelihood), [1, 2])), tf.mul(shares, 2));
}

/**
 * Half the soft dice loss, half the size-neutral cross-entropy. The dice loss of an empty label is near
 * 1 for any trace of probability, so dice alone teaches a segmenter to draw nothing where most images
 * lack the structure. The cross-entropy falls with every pixel that is right.
 * @param shares as in `sizeNeutralLoss`, but the mean over the drawn labels only: where few labels are drawn,
 *   the mean over all labels is so small that every pixel of an empty label would get a large loss
 * @returns [batch, structures]
 */
export function diceCrossEntropyLosses(
  tf: Tf,
  dice: Tensor2D,
  p: Tensor4D,
  y: Tensor4D,
  shares: Tensor1D,
): Tensor2D {
  return tf.mul(tf.add(dice, sizeNeutralLoss(tf, p, y, shares)), 0.5);
}

/**
 * The mean loss of each case, over its labels that are present.
 * @returns [batch]; 0 for a case without a present label
 */
export function perCase(tf: Tf, losses: Tensor2D, present: Tensor2D): Tensor1D {
  const sum = tf.sum(tf.mul(losses, present), 1);
  return tf.div(sum, tf.maximum(tf.sum(present, 1), 1));
}

/**
 * The QAM's loss for the objective `plain`: the mean squared difference between the scores and the dice
 * losses, which are negated and standardised over the batch. The mean dice loss itself has no gradient
 * for the QAM, because it does not contain the weights w.
 * @param scores [batch] or [batch, structures]
 * @param losses of the same shape, held constant
 */
export function plainObjective<T extends Tensor1D | Tensor2D>(
  tf: Tf,
  scores: T,
  losses: T,
): tfjs.Scalar {
  const offset = tf.sub(tf.mean(losses, 0, true), losses);
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(offset), 0, true), PROBABILITY_FLOOR));
  return tf.mean(tf.square(tf.sub(scores, constant(tf, tf.div(offset, deviation)))));
}

/**
 * The Overfitting Control Module of Pick-and-Learn (Zhu, Shi, Wu, MICCAI 2019). λ·tanh limits a
 * mini-batch's scores, so that no sample gets all the weight or none; a softmax over the batch turns
 * them into weights. `kind` can leave out either step. Differentiable.
 * @param scores [batch], or [structures, batch]
 * @returns weights of the same shape. With a softmax they sum to 1 over the batch; without one, each is
 *   the score, limited for `tanh`, divided by the batch size.
 */
export function ocm<T extends Tensor1D | Tensor2D>(
  tf: Tf,
  scores: T,
  kind: TrainConfig['ocm'],
  lambda: number,
): T {
  const limited =
    kind === 'tanh-softmax' || kind === 'tanh' ? tf.mul(tf.tanh(scores), lambda) : scores;
  return kind === 'tanh' || kind === 'none'
    ? tf.div(limited, scores.shape[scores.rank - 1])
    : tf.softmax(limited as T);
}

/** Gives the same values, but lets no gradient flow back through them. */
export function constant<T extends tfjs.Tensor>(tf: Tf, x: T): T {
  const pass = tf.customGrad((input) => {
    const tensor = input as tfjs.Tensor;
    return { value: tf.clone(tensor), gradFunc: () => tf.zerosLike(tensor) };
  });
  return pass(x) as T;
}
