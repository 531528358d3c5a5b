/**
 * The training methods that a benchmark compares, by name: the default, the published training, the
 * segmenter alone, cross-fitting, and variants that differ from the default in one setting (they answer
 * the open questions of the Pick-and-Learn paper).
 */
import { FIXED_EPOCHS, PRESETS } from '../../trainer/messages.ts';
import type { TrainConfig } from '../../trainer/messages.ts';

interface Method {
  readonly about: string;
  readonly preset: TrainConfig['preset'];
  readonly changes: Partial<TrainConfig>;
  /** Trains a segmenter on each half of the training cases, which then judges the other half. */
  readonly crossFit?: true;
}

const changed = (about: string, changes: Partial<TrainConfig>): Method => ({
  about,
  preset: 'overread',
  changes,
});

export const METHODS = {
  overread: changed('the default', {}),
  'no-qam': changed('the segmenter alone', { qam: false }),
  'cross-fit': {
    ...changed('the segmenter alone, each half judged by one trained on the other half', {
      qam: false,
    }),
    crossFit: true,
  },
  published: { about: 'exactly as in the Pick-and-Learn paper', preset: 'published', changes: {} },
  'softmax-alone': changed('scores go into the softmax as they are', { ocm: 'softmax' }),
  'tanh-alone': changed('weights are λ·tanh, not normalised over the batch', { ocm: 'tanh' }),
  'no-ocm': changed('weights are the scores', { ocm: 'none' }),
  'lambda-1': changed('λ = 1', { lambda: 1 }),
  'lambda-4': changed('λ = 4', { lambda: 4 }),
  'dice-objective': changed('the QAM learns from the re-weighted dice loss', {
    qamObjective: 'dice',
  }),
  'plain-objective': changed('the QAM learns to predict the plain dice loss of a case', {
    qamObjective: 'plain',
  }),
  'dice-loss': changed('the segmenter learns from the dice loss alone', { segmenterLoss: 'dice' }),
  'size-neutral': changed('the QAM learns from a cross-entropy in units of the area', {
    qamObjective: 'size-neutral',
  }),
  'full-say': changed('the QAM has its full say as soon as it joins', { sayEpochs: 0 }),
  'label-scores': changed('one score and one weight for each label', { scores: 'label' }),
  'with-proposal': changed('the QAM also sees what the segmenter draws', { seesProposal: true }),
  'not-centred': changed('the score is not centred over the batch', { centred: false }),
  'no-warm-up': changed('the QAM starts at once', { warmUp: 0 }),
  'warm-up-12': changed('the QAM starts after 12 epochs, whatever the data', { warmUp: 12 }),
  'last-epoch': changed('no averaging over the last epochs', { averageEpochs: 1 }),
} satisfies Record<string, Method>;

export type MethodName = keyof typeof METHODS;
export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

export const isMethod = (name: string): name is MethodName => Object.hasOwn(METHODS, name);

export function isCrossFit(name: MethodName): boolean {
  const { crossFit }: Method = METHODS[name];
  return crossFit === true;
}

export function hasQam(name: MethodName): boolean {
  const { changes }: Method = METHODS[name];
  return changes.qam !== false;
}

/** The training configuration of a method. It trains for a fixed number of epochs. */
export function trainingOf(
  name: MethodName,
  { epochs, batch, seed }: Pick<TrainConfig, 'epochs' | 'batch' | 'seed'>,
): TrainConfig {
  const { preset, changes }: Method = METHODS[name];
  return { ...PRESETS[preset], ...FIXED_EPOCHS, ...changes, epochs, batch, seed };
}
