/** When the QAM joins, when a training stops, how long it still takes. */
import type { TrainingState } from './checkpoint.ts';
import type { EpochMetrics, TrainConfig } from './messages.ts';
import { warmedUp } from './warmup.ts';
import { mean, median } from '../models/statistics.ts';

/** A smaller gain in validation dice is a step sideways. */
const PROGRESS = 1e-3;

/** Whether the QAM joins after the last epoch of `metrics`: the reason, or null. */
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

/** The best validation dice so far, the last epoch's included. */
export function bestSoFar(state: TrainingState, last: EpochMetrics): TrainingState['best'] {
  const known = last.validationDice?.filter((dice) => dice !== null) ?? [];
  if (known.length === 0) return state.best;
  const dice = mean(known);
  return state.best && dice < state.best.dice + PROGRESS ? state.best : { epoch: last.epoch, dice };
}

/**
 * Whether patience has run out. The QAM gets its epochs first: patience counts from its start at the
 * soonest, and there must be enough epochs to average.
 */
export function stopsEarly(state: TrainingState, config: TrainConfig): boolean {
  if (config.patience === null || state.best === null) return false;
  if (config.qam && state.warmUpEnded === null) return false;
  const joined = state.warmUpEnded ?? 0;
  const enoughToAverage = state.epoch - joined > config.averageEpochs;
  return enoughToAverage && state.epoch - Math.max(state.best.epoch, joined) >= config.patience;
}

/** How fast a training has gone so far; milliseconds. */
export interface Pace {
  readonly steps: readonly number[];
  readonly epochs: readonly number[];
}

/** Seconds left after `step` steps of an epoch, if no patience runs out. */
export function trainingSecondsLeft(
  pace: Pace,
  stepsPerEpoch: number,
  epochsLeft: number,
  step: number,
): number {
  const perStep = pace.steps.length > 0 ? median(pace.steps.slice(-stepsPerEpoch)) : 0;
  const stepping = perStep * stepsPerEpoch;
  // An epoch is more than its steps: scores, validation, the checkpoint.
  const beside = Math.max(0, (pace.epochs.at(-1) ?? stepping) - stepping);
  return (perStep * (stepsPerEpoch - step) + beside + epochsLeft * (stepping + beside)) / 1000;
}
