/** What is known of the trainings that run now, for windows that come late. */
import type { RunLive } from '../../contract/api.ts';
import type { TrainerControls } from '../../training/once.ts';
import type { TrainerMessage } from '../../../trainer/messages.ts';

/** A run that a task of this process trains now. */
export interface Training {
  readonly task: string;
  /** Null while no trainer works: samples are made, or labels scored. */
  trainer: TrainerControls | null;
  paused: boolean;
  fold: number | null;
  /** What a window that comes late has to know. */
  messages: readonly TrainerMessage[];
}

/** By the run's id. */
export type Trainings = Map<string, Training>;

/** Notices that are kept for windows that come late. */
const NOTICES = 10;

/** Takes a message into what is kept of the training. */
export function follow(training: Training, message: TrainerMessage, fold: number | null): void {
  const others = (...types: TrainerMessage['type'][]): TrainerMessage[] =>
    training.messages.filter(({ type }) => !types.includes(type));
  training.fold = fold;
  const { type } = message;
  if (type === 'started') {
    training.messages = [...others('started', 'warmed-up'), message];
  } else if (type === 'warmed-up' || type === 'collapse') {
    training.messages = [...others(type), message];
  } else if (type === 'notice') {
    const notices = training.messages.filter((one) => one.type === 'notice');
    training.messages = [...others('notice'), ...[...notices, message].slice(-NOTICES)];
  } else if (type === 'paused' || type === 'resumed') {
    training.paused = type === 'paused';
  } else if (type === 'done' || type === 'failed' || type === 'cancelled') {
    training.trainer = null;
    training.paused = false;
  }
}

export function liveOf(training: Training | undefined): RunLive | null {
  if (!training) return null;
  const { task, paused, trainer, fold, messages } = training;
  return { task, paused, trains: trainer !== null, fold, messages: [...messages] };
}
