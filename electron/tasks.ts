/** Long tasks outside of the window: the taskbar's bar, and a word when a training has ended. */
import { Notification } from 'electron';
import type { BrowserWindow } from 'electron';
import type { Task } from '../audit/contract/api.ts';

/** What the taskbar shows: a share, 2 for one that cannot be told, −1 for none. */
export function barOf(tasks: Iterable<Task>): number {
  for (const { state, progress } of tasks) {
    if (state !== 'running') continue;
    return progress !== null && progress.total > 0 ? progress.done / progress.total : 2;
  }
  return -1;
}

/** What is said when a training has ended; null where nothing is. */
export function wordOf(task: Task): { title: string; body: string } | null {
  if (task.kind !== 'train') return null;
  if (task.state === 'done') {
    return { title: 'The training is done', body: 'Look at what moved in the ranking.' };
  }
  if (task.state === 'failed') {
    return { title: 'The training stopped', body: task.error ?? 'It can be resumed.' };
  }
  return null;
}

export class TaskWatch {
  readonly #window: () => BrowserWindow | null;
  readonly #onClick: () => void;
  readonly #running = new Map<string, Task>();

  constructor(window: () => BrowserWindow | null, onClick: () => void) {
    this.#window = window;
    this.#onClick = onClick;
  }

  /** The training that runs now. */
  get training(): Task | null {
    for (const task of this.#running.values()) if (task.kind === 'train') return task;
    return null;
  }

  take(task: Task): void {
    const known = this.#running.has(task.id);
    if (task.state === 'running') this.#running.set(task.id, task);
    else this.#running.delete(task.id);
    this.#draw();
    if (known && task.state !== 'running') this.#say(task);
  }

  /** The process that ran them is gone, and they with it. */
  forget(): void {
    this.#running.clear();
    this.#draw();
  }

  #draw(): void {
    const window = this.#window();
    if (window && !window.isDestroyed()) window.setProgressBar(barOf(this.#running.values()));
  }

  #say(task: Task): void {
    const word = wordOf(task);
    if (!word || this.#window()?.isFocused() === true || !Notification.isSupported()) return;
    const notification = new Notification(word);
    notification.on('click', this.#onClick);
    notification.show();
  }
}
