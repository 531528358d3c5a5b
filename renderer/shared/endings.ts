/** Notices for tasks that end while another screen is shown. Pure. */
import type { Task } from '../../audit/contract/api.ts';
import { waitFor } from '../../audit/contract/words.ts';
import type { ScreenNotice } from './notices.svelte.ts';
import type { Screen } from './route.svelte.ts';

interface Ending {
  readonly kind: 'done' | 'error';
  readonly text: string;
  readonly label: string;
  readonly view: Screen;
  readonly argument: string | null;
}

/** For each kind of task, the screens that show the task. The notice of a failure links to the first. */
const HOME: Readonly<Partial<Record<Task['kind'], readonly Screen[]>>> = {
  train: ['train'],
  demo: ['start', 'train'],
  import: ['new'],
  export: ['insights'],
  report: ['insights'],
  pack: ['insights'],
  unpack: ['start'],
  setup: ['settings'],
};

const DONE: Readonly<Partial<Record<Task['kind'], Omit<Ending, 'kind'>>>> = {
  train: {
    text: 'The training has ended, and all labels were ranked again.',
    label: 'Rank changes',
    view: 'train',
    argument: 'moved',
  },
  demo: { text: 'The demo is ready.', label: 'Review', view: 'review', argument: null },
  export: {
    text: 'The corrected dataset was written.',
    label: 'Show',
    view: 'insights',
    argument: null,
  },
  report: { text: 'The report was written.', label: 'Show', view: 'insights', argument: null },
  pack: { text: 'The project was packed.', label: 'Show', view: 'insights', argument: null },
  unpack: { text: 'The project was unpacked.', label: 'Review', view: 'review', argument: null },
  setup: { text: 'The set-up is done.', label: 'Show', view: 'settings', argument: null },
};

/** The topic of the notices about tasks of a kind. */
export const topicOf = (kind: Task['kind']): string => `task: ${kind}`;

/**
 * Whether a notice outlives what it is about: it tells the end of a task, and the next of that kind has begun; or it
 * asks to wait for a task that has ended.
 */
export function isOver({ topic, text }: Pick<ScreenNotice, 'topic' | 'text'>, task: Task): boolean {
  return task.state === 'running' ? topic === topicOf(task.kind) : text === waitFor(task.title);
}

/** Whether the screen itself shows what the notice tells of a task. */
export function isShownBy({ topic }: Pick<ScreenNotice, 'topic'>, shown: Screen): boolean {
  return (Object.keys(HOME) as Task['kind'][]).some(
    (kind) => topicOf(kind) === topic && HOME[kind]?.includes(shown),
  );
}

/** The notice for a task that is done or failed; null for others, or if the screen shows the end already. */
export function endingOf(task: Task, shown: Screen): Ending | null {
  const homes = HOME[task.kind];
  if (homes === undefined) return null;
  const [home] = homes;
  if (task.state === 'done') {
    // Only the first screen shows that the task is done. A demo that is done needs a notice on `train`.
    if (home === shown) return null;
    const done = DONE[task.kind];
    return done ? { kind: 'done', ...done } : null;
  }
  if (task.state !== 'failed' || home === undefined || homes.includes(shown)) return null;
  const text = task.error ?? `“${task.title}” failed.`;
  return { kind: 'error', text, label: 'Show', view: home, argument: null };
}
