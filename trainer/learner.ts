/**
 * Trains both networks, one mini-batch at a time, by the method of Pick-and-Learn (Zhu, Shi, Wu, MICCAI
 * 2019) and its variants.
 *
 * In warm-up only the segmenter learns, from the mean of the cases' dice losses L. Then the OCM turns the
 * QAM's scores into the weights w of the cases of a batch, and `qamObjective` says how both networks
 * learn:
 *
 * - `dice`: the weighted dice loss Σ w·L trains both networks, as published.
 * - `size-neutral`: Σ w·L with constant w trains the segmenter. Σ w·b with constant b trains the QAM; b
 *   is a cross-entropy in units of the structure's area. The dice loss is lower for larger masks while
 *   a prediction is blurred, so a QAM that learns from it learns size.
 * - `presence-neutral`: as `size-neutral`, but b is the segmenter's own loss, standardised among the drawn
 *   labels of the structure, or among the empty ones if the label is empty (`references.ts`). Where most
 *   images lack a structure, a QAM that learns from the bare loss learns that images without it are good.
 * - `plain`: Σ w·L with constant w trains the segmenter, and the QAM learns to predict L.
 *
 * If the QAM scores labels instead of cases, the labels of each structure have weights of their own.
 */
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { qam } from '../models/qam.ts';
import { unet } from '../models/unet.ts';
import { initialWeights } from '../models/weights.ts';
import type { Weights } from '../models/weights.ts';
import { Adam } from './adam.ts';
import type { Backend } from './backends/types.ts';
import { drawnMasks } from './batches.ts';
import type { Batch } from './batches.ts';
import {
  constant,
  diceCrossEntropyLosses,
  diceLosses,
  ocm,
  perCase,
  plainObjective,
  sizeNeutralLoss,
} from './losses.ts';
import type { TrainConfig } from './messages.ts';
import { Network } from './network.ts';
import { pairSeed } from './pair.ts';
import { References } from './references.ts';
import type { AreaShare } from './split.ts';

/** The measurements of one step. */
export interface StepResult {
  /** Dice loss of each case without its weight, [batch]. */
  readonly losses: Float32Array;
  /** Weight in the batch's loss times the batch size, [batch]; 1 is an even share. */
  readonly weights: Float32Array;
  /** Soft dice loss per label, [batch · structures]. */
  readonly labelLosses: Float32Array;
  /** Whether each label is drawn, [batch · structures]. */
  readonly drawn: readonly boolean[];
  /** The weighted loss Σ w·L. */
  readonly weightedLoss: number;
}

/** Tensors of one step that are read after its gradients were computed. */
interface Seen {
  /** The dice loss without weights, by case ([batch]) and by label ([batch, structures]). */
  readonly losses: Tensor1D;
  readonly diceLoss: Tensor2D;
  /** The loss that the segmenter learns from, [batch, structures]. */
  readonly taught: Tensor2D;
  /** The weight of each case, [batch]. */
  readonly weights: Tensor1D;
}

/** A batch that was segmented without learning. */
export interface SegmentedBatch {
  /** [batch, h, w, structures]; the caller frees it. */
  readonly probabilities: Tensor4D;
  /** Soft dice loss per label, [batch · structures]. */
  readonly labelLosses: Float32Array;
}

export class Learner {
  readonly segmenter: Network;
  readonly qam: Network;
  readonly #backend: Backend;
  readonly #config: TrainConfig;
  /** [structures]: the mean share of the image that labels cover, over all labels and over drawn ones. */
  readonly #shares: Tensor1D;
  readonly #drawnShares: Tensor1D;
  readonly #references: References;
  readonly #segmenterAdam: Adam;
  readonly #qamAdam: Adam;

  /** @param shares by structure, how much of the image its labels cover */
  constructor(
    backend: Backend,
    config: TrainConfig,
    shares: readonly AreaShare[],
    start?: { segmenter: Weights; qam: Weights },
  ) {
    const graphs = graphsOf(config, shares.length);
    const fresh = (network: 'segmenter' | 'qam'): Weights => {
      if (start) return start[network];
      const weights = initialWeights(graphs[network], pairSeed(config));
      if (network === 'segmenter' && config.priorBias) {
        // The first predictions are each structure's mean share of the image, not one half: so small
        // structures are learned many epochs sooner (the prior of Lin et al., "Focal loss", ICCV 2017).
        weights.set(
          'logits/bias',
          Float32Array.from(shares, ({ all }) => Math.log(all / (1 - all))),
        );
      }
      return weights;
    };
    this.#backend = backend;
    this.#config = config;
    this.segmenter = new Network(backend, graphs.segmenter, fresh('segmenter'));
    this.qam = new Network(backend, graphs.qam, fresh('qam'));
    this.#shares = backend.tf.tensor1d(shares.map(({ all }) => all));
    this.#drawnShares = backend.tf.tensor1d(shares.map(({ drawn }) => drawn));
    this.#references = new References(shares.length);
    this.#segmenterAdam = new Adam(backend.tf, this.segmenter.variables, config.learningRate);
    this.#qamAdam = new Adam(backend.tf, this.qam.variables, config.qamLearningRate);
  }

  /**
   * One step of Adam on a mini-batch.
   * @param say the share, 0 … 1, of the QAM's weights in the weights of the segmenter's loss; the rest is
   *   even. At 0 the QAM does not learn.
   */
  async step(batch: Batch, say: number): Promise<StepResult> {
    const { tf } = this.#backend;
    const joint = say > 0 && this.#config.qam;
    let seen: Seen | undefined;
    const drawn = await drawnMasks(tf, batch.labels);

    const objective = (): Scalar => {
      const p = this.segmenter.train(batch.image).probabilities as Tensor4D;
      const diceLoss = diceLosses(tf, p, batch.labels);
      const losses = perCase(tf, diceLoss, batch.present);
      const taught =
        this.#config.segmenterLoss === 'dice'
          ? diceLoss
          : diceCrossEntropyLosses(tf, diceLoss, p, batch.labels, this.#drawnShares);
      if (!joint) {
        const weights = tf.fill<Rank.R1>([batch.cases.length], 1 / batch.cases.length);
        seen = keep({ losses, diceLoss, taught, weights });
        return tf.mean(perCase(tf, taught, batch.present));
      }
      const scores = this.qam.train(this.#judged(batch, p)).score as Tensor2D;
      const compared = (): Tensor2D =>
        this.#config.qamObjective === 'presence-neutral'
          ? this.#references.standardise(tf, taught, drawn)
          : sizeNeutralLoss(tf, p, batch.labels, this.#shares);
      if (this.#config.scores === 'label') {
        const weights = this.#labelWeights(scores);
        const shared = tf.mean<Tensor1D>(evened(tf, weights, say), 1);
        seen = keep({ losses, diceLoss, taught, weights: shared });
        // The weights of each structure sum to 1 over the batch, so the loss is divided by the number of
        // structures.
        const own = (of: Tensor2D): Tensor2D =>
          tf.div(tf.mul(of, batch.present), batch.labels.shape[3]);
        return this.#objective(scores, weights, say, own(taught), () => own(compared()));
      }
      const score = tf.reshape<Rank.R1>(scores, [-1]);
      const weights = ocm(tf, score, this.#config.ocm, this.#config.lambda);
      seen = keep({ losses, diceLoss, taught, weights: evened(tf, weights, say) });
      const ofCase = (): Tensor1D => perCase(tf, compared(), batch.present);
      return this.#objective(score, weights, say, perCase(tf, taught, batch.present), ofCase);
    };
    const keep = <T extends Record<string, Tensor>>(tensors: T): T => {
      for (const tensor of Object.values(tensors)) tf.keep(tensor);
      return tensors;
    };

    const variables = [...this.segmenter.variables, ...(joint ? this.qam.variables : [])];
    const { value, grads } = tf.variableGrads(objective, variables);
    const gradient = (network: Network): Tensor[] =>
      network.variables.map((variable) => grads[variable.name]);
    this.#segmenterAdam.step(gradient(this.segmenter));
    if (joint) this.#qamAdam.step(gradient(this.qam));
    value.dispose();
    tf.dispose(grads);
    if (!seen) throw new Error('the objective was not computed');
    const [losses, weights, labelLosses, taught] = await Promise.all([
      seen.losses.data<'float32'>(),
      seen.weights.data<'float32'>(),
      seen.diceLoss.data<'float32'>(),
      seen.taught.data<'float32'>(),
    ]);
    tf.dispose({ ...seen });
    this.#references.observe(taught, drawn, await batch.present.data());
    return {
      losses,
      labelLosses,
      drawn,
      weights: weights.map((weight) => weight * weights.length),
      weightedLoss: losses.reduce((sum, loss, index) => sum + loss * weights[index], 0),
    };
  }

  /**
   * The loss of both networks, from values per case ([batch]) or per label ([batch, structures]).
   * @param compared computes the loss that the QAM learns from; called only if the objective needs it
   */
  #objective<T extends Tensor1D | Tensor2D>(
    scores: T,
    weights: T,
    say: number,
    losses: T,
    compared: () => T,
  ): Scalar {
    const { tf } = this.#backend;
    const { qamObjective } = this.#config;
    if (qamObjective === 'dice') return tf.sum(tf.mul(evened(tf, weights, say), losses));
    const forSegmenter = tf.sum<Scalar>(tf.mul(evened(tf, constant(tf, weights), say), losses));
    return tf.add(
      forSegmenter,
      qamObjective === 'plain'
        ? plainObjective(tf, scores, losses)
        : tf.sum<Scalar>(tf.mul(weights, constant(tf, compared()))),
    );
  }

  /** The weights of the labels; only labels of the same structure compete. @returns [batch, structures] */
  #labelWeights(scores: Tensor2D): Tensor2D {
    const { tf } = this.#backend;
    const byStructure = tf.transpose(scores);
    return tf.transpose(ocm(tf, byStructure, this.#config.ocm, this.#config.lambda));
  }

  /** The QAM's input (see `qamInput`), followed by the proposal if the QAM sees proposals. */
  #judged(batch: Batch, p: Tensor4D | null): Tensor4D {
    const { tf } = this.#backend;
    const given = qamInput(tf, batch, p);
    return this.#config.seesProposal && p ? tf.concat4d([given, constant(tf, p)], 3) : given;
  }

  /** Segments a batch with the running statistics, without learning. */
  async segment(batch: Batch): Promise<SegmentedBatch> {
    const { tf } = this.#backend;
    const probabilities = this.segmenter.infer(batch.image).probabilities as Tensor4D;
    const losses = tf.tidy(() => diceLosses(tf, probabilities, batch.labels));
    const labelLosses = await losses.data<'float32'>();
    losses.dispose();
    return { probabilities, labelLosses };
  }

  /**
   * The QAM's score of every case of a batch with its given labels (`qamInput` replaces absent labels).
   * If the QAM scores labels, a case's score is the mean of its labels' scores.
   */
  async score(batch: Batch): Promise<Float32Array> {
    const { tf } = this.#backend;
    const score = tf.tidy(() => {
      const scores = this.qam.infer(this.qamInput(batch)).score;
      return this.#config.scores === 'label' ? tf.mean(scores, 1) : scores;
    });
    const values = await score.data<'float32'>();
    score.dispose();
    return values;
  }

  /** The QAM's input for a batch; the caller frees it. */
  qamInput(batch: Batch): Tensor4D {
    const { tf } = this.#backend;
    return tf.tidy(() => {
      const p =
        batch.incomplete || this.#config.seesProposal
          ? (this.segmenter.infer(batch.image).probabilities as Tensor4D)
          : null;
      return this.#judged(batch, p);
    });
  }

  /** The running means and spreads of the losses, for checkpoints. */
  get references(): References {
    return this.#references;
  }

  /** The optimisers' moments, for checkpoints. */
  optimisers(): { segmenter: Adam; qam: Adam } {
    return { segmenter: this.#segmenterAdam, qam: this.#qamAdam };
  }
}

/** The weights of a batch, [batch] or [batch, structures], mixed with even ones that have the share 1 − `say`. */
function evened<T extends Tensor1D | Tensor2D>(tf: Backend['tf'], weights: T, say: number): T {
  return say === 1 ? weights : tf.add(tf.mul(weights, say), (1 - say) / weights.shape[0]);
}

/** The networks that a configuration describes. */
function graphsOf(
  config: Pick<
    TrainConfig,
    'width' | 'levels' | 'batchNorm' | 'qamWidths' | 'centred' | 'scores' | 'seesProposal'
  >,
  structures: number,
): { segmenter: ReturnType<typeof unet>; qam: ReturnType<typeof qam> } {
  const { width, levels, batchNorm, qamWidths: widths, centred, scores, seesProposal } = config;
  return {
    segmenter: unet({ structures, width, levels, batchNorm }),
    qam: qam({ structures, widths, batchNorm: true, centred, scores, seesProposal }),
  };
}

/**
 * Image and label planes side by side, [batch, h, w, n + 1]. The segmenter's proposal takes the place
 * of an absent or excluded label, so that absence alone does not look like an error.
 */
function qamInput(tf: Backend['tf'], batch: Batch, p: Tensor4D | null): Tensor4D {
  if (!batch.incomplete || !p) return tf.concat4d([batch.image, batch.labels], 3);
  const [count, , , structures] = batch.labels.shape;
  const given = tf.reshape(batch.present, [count, 1, 1, structures]);
  const threshold = tf.customGrad((input) => ({
    value: tf.cast(tf.greater(input as Tensor4D, 0.5), 'float32'),
    gradFunc: () => tf.zerosLike(p),
  }));
  const proposal = threshold(p) as Tensor4D;
  const planes = tf.add(tf.mul(batch.labels, given), tf.mul(proposal, tf.sub(1, given)));
  return tf.concat4d([batch.image, planes as Tensor4D], 3);
}
