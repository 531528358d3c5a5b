/** Decides when the QAM joins and when a training stops; estimates how long the training still takes. */
import type { TrainingState } from './checkpoint.ts';
import type { EpochMetrics, TrainConfig } from './messages.ts';
import { warmedUp } from './warmup.ts';
import { mean, median } from '../models/statistics.ts';

/** The smallest gain in validation dice that counts as progress. */
const PROGRESS = 1e-3;

/** @returns why the QAM joins after the last epoch of `metrics`, or null if it does not join */
export function warmUpEnds(
  config: TrainConfig,
  metrics: readonly EpochMetrics[],
  stepsPerEpoch: number,
): string | null {
  if (config.warmUp !== 'auto') {
    return metrics.length >= config.warmUp ? `${config.warmUp} epochs were asked for` : null;
  }
  const history = metrics.map((line) => line.trainDice.map((dice) => 1 - (dice ?? 1)));
  return warmedUp(history, config.epochs, stepsPerEpoch);
}

/**
 * For how many epochs the QAM's say grows: `config.sayEpochs`, but at most a quarter of the epochs that are left
 * after the warm-up. A QAM that joins in the first epoch has its full say at once: it has learned already, in
 * the training that this one continues, or the configuration wants it so.
 */
export function growingEpochs(config: TrainConfig, warmUpEnded: number | null): number {
  if (!config.qam || warmUpEnded === null || warmUpEnded === 0) return 0;
  return Math.min(config.sayEpochs, Math.floor((config.epochs - warmUpEnded) / 4));
}

/**
 * The QAM's say in an epoch: the share, 0 … 1, of its weights in the weights of the loss; the rest is even. The
 * weights of a QAM that has learned nothing yet are random, and at full say they undo what the segmenter
 * learned in its warm-up.
 */
export function qamSay(config: TrainConfig, warmUpEnded: number | null, epoch: number): number {
  if (!config.qam || warmUpEnded === null) return 0;
  return Math.min(1, (epoch - warmUpEnded) / (growingEpochs(config, warmUpEnded) + 1));
}

/**
 * The best validation dice up to the epoch `last`, and its epoch, or null if no epoch has a validation dice.
 * A gain of less than `PROGRESS` does not count.
 */
export function bestSoFar(state: TrainingState, last: EpochMetrics): TrainingState['best'] {
  const known = last.validationDice?.filter((dice) => dice !== null) ?? [];
  if (known.length === 0) return state.best;
  const dice = mean(known);
  return state.best && dice < state.best.dice + PROGRESS ? state.best : { epoch: last.epoch, dice };
}

/**
 * Whether a training stops before its last epoch, because the validation dice has not risen for `patience`
 * epochs. The epochs before the QAM had its full say do not count towards `patience`. A training never stops
 * before there are enough epochs to average.
 */
export function stopsEarly(state: TrainingState, config: TrainConfig): boolean {
  if (config.patience === null || state.best === null) return false;
  if (config.qam && state.warmUpEnded === null) return false;
  const joined = (state.warmUpEnded ?? 0) + growingEpochs(config, state.warmUpEnded);
  const enoughToAverage = state.epoch - joined > config.averageEpochs;
  return enoughToAverage && state.epoch - Math.max(state.best.epoch, joined) >= config.patience;
}

/** The durations of the steps and epochs so far, in milliseconds. */
export interface Pace {
  readonly steps: readonly number[];
  readonly epochs: readonly number[];
}

/** Seconds left after `step` steps of an epoch, with `epochsLeft` epochs after it, without an early stop. */
export function trainingSecondsLeft(
  pace: Pace,
  stepsPerEpoch: number,
  epochsLeft: number,
  step: number,
): number {
  const perStep = pace.steps.length > 0 ? median(pace.steps.slice(-stepsPerEpoch)) : 0;
  const stepping = perStep * stepsPerEpoch;
  // Besides its steps, an epoch takes time for scores, validation and a checkpoint.
  const beside = Math.max(0, (pace.epochs.at(-1) ?? stepping) - stepping);
  return (perStep * (stepsPerEpoch - step) + beside + epochsLeft * (stepping + beside)) / 1000;
}
