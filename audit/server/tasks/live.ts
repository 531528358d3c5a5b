/** The state of the running trainings, for windows that open after a training has started. */
import type { RunLive } from '../../contract/api.ts';
import type { TrainerControls } from '../../training/once.ts';
import type { TrainerMessage } from '../../../trainer/messages.ts';

export interface LiveTraining {
  /** Id of the task that trains. */
  readonly task: string;
  /** Pauses and resumes the trainer; null while samples are made or labels scored. */
  trainer: TrainerControls | null;
  paused: boolean;
  /** The fold or pair of networks that trains, from 1; null if the run has neither. */
  fold: number | null;
  /** The messages that a window needs if it opens later; see `RunLive`. */
  messages: readonly TrainerMessage[];
}

/** The running trainings, by the id of their run. */
export type LiveTrainings = Map<string, LiveTraining>;

/** How many notices are kept for each training. */
const NOTICES = 10;

/** Updates a training's state by a message of its trainer. */
export function updateTraining(
  training: LiveTraining,
  message: TrainerMessage,
  fold: number | null,
): void {
  const others = (...types: TrainerMessage['type'][]): TrainerMessage[] =>
    training.messages.filter(({ type }) => !types.includes(type));
  training.fold = fold;
  const { type } = message;
  if (type === 'started') {
    training.messages = [...others('started', 'warmed-up'), message];
  } else if (type === 'warmed-up' || type === 'learned' || type === 'collapse') {
    training.messages = [...others(type), message];
  } else if (type === 'notice') {
    const notices = training.messages.filter((earlier) => earlier.type === 'notice');
    training.messages = [...others('notice'), ...[...notices, message].slice(-NOTICES)];
  } else if (type === 'paused' || type === 'resumed') {
    training.paused = type === 'paused';
  } else if (type === 'done' || type === 'failed' || type === 'cancelled') {
    training.trainer = null;
    training.paused = false;
  }
}

/** A training's state as the server sends it, or null if it does not run. */
export function liveOf(training: LiveTraining | undefined): RunLive | null {
  if (!training) return null;
  const { task, paused, trainer, fold, messages } = training;
  return { task, paused, trains: trainer !== null, fold, messages: [...messages] };
}
