/** Shows tasks outside of the window: progress in the taskbar, and a notification when a training ends. */
import { Notification } from 'electron';
import type { BrowserWindow } from 'electron';
import type { Task } from '../audit/contract/api.ts';

/** The value for `setProgressBar`: the share that is done, 2 if it is unknown, −1 if nothing runs. */
function barOf(tasks: Iterable<Task>): number {
  for (const { state, progress } of tasks) {
    if (state !== 'running') continue;
    return progress !== null && progress.total > 0 ? progress.done / progress.total : 2;
  }
  return -1;
}

/** The notification for a training that is done or failed; null for all other tasks. */
function wordOf(task: Task): { title: string; body: string } | null {
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

  /** The training that runs now, or null. */
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

  /** Forgets all tasks, after the process that ran them has crashed. */
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
