/**
 * Long tasks: a route starts a task, events tell its progress, and a request with its id cancels it. At
 * most one task at a time writes the project, and tasks of one kind run one after another.
 */
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';
import type { Task, TaskKind } from '../../contract/api.ts';
import type { Progress } from '../../contract/terms.ts';
import { waitFor } from '../../contract/words.ts';
import type { EventBus } from './bus.ts';
import { Refusal, apiError } from '../http/respond.ts';
import type { Logger } from 'pino';

/** The work of a task. It stops when `signal` is aborted and returns the task's result. */
export type Work = (
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
) => Promise<unknown>;

export interface TaskOptions {
  /** Amounts of work, for the log: cases, labels … */
  readonly counts?: Readonly<Record<string, number>>;
  readonly kind: TaskKind;
  /** What the task does, for a person. */
  readonly title: string;
  /** Whether the task writes the project: only one of these runs at a time. */
  readonly writes: boolean;
  /** Whether the project must stay open until the task ends. */
  readonly project: boolean;
}

/** The shortest time between two progress events of a task, in milliseconds. */
const INTERVAL_MS = 100;
/** How many ended tasks are kept. */
const KEPT = 50;

interface Entry {
  task: Task;
  readonly writes: boolean;
  readonly project: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly abort: AbortController;
  ended: Promise<void>;
  publishedAt: number;
}

export class Tasks {
  readonly #bus: EventBus;
  readonly #log: Logger;
  readonly #unforeseen: string;
  readonly #entries = new Map<string, Entry>();
  readonly #turns = new Map<TaskKind, LimitFunction>();
  #closed = false;

  /** @param unforeseen the message for a person if a task fails because of a defect */
  constructor(bus: EventBus, log: Logger, unforeseen: string) {
    this.#bus = bus;
    this.#log = log;
    this.#unforeseen = unforeseen;
  }

  /**
   * Starts a task.
   * @throws Refusal (409) if the task writes while another one writes, or if the server is closing
   */
  start(options: TaskOptions, work: Work): Task {
    const writer = options.writes ? this.writer() : null;
    if (writer) throw new Refusal(409, waitFor(writer.title));
    if (this.#closed) throw new Refusal(409, 'The server is closing: start it again.');
    const task: Task = {
      id: randomUUID(),
      kind: options.kind,
      title: options.title,
      state: 'running',
      progress: null,
      startedAt: new Date().toISOString(),
      endedAt: null,
      error: null,
      code: null,
      result: null,
    };
    const entry: Entry = {
      task,
      writes: options.writes,
      project: options.project,
      counts: options.counts ?? {},
      abort: new AbortController(),
      ended: Promise.resolve(),
      publishedAt: 0,
    };
    this.#entries.set(task.id, entry);
    this.#publish(entry);
    // The work begins in a later microtask, so that the caller has the task first.
    entry.ended = Promise.resolve().then(() => this.#inTurn(entry, work));
    return entry.task;
  }

  /** Runs the work when the tasks of its kind before it have ended. Previews do not wait: each ends the last. */
  #inTurn(entry: Entry, work: Work): Promise<void> {
    const { kind } = entry.task;
    if (kind === 'look') return this.#run(entry, work);
    const turns = this.#turns.get(kind) ?? pLimit(1);
    this.#turns.set(kind, turns);
    const { signal } = entry.abort;
    return new Promise((resolve) => {
      let began = false;
      const run = async (): Promise<void> => {
        if (began) return;
        began = true;
        await this.#run(entry, work);
        resolve();
      };
      // A cancelled task need not wait for its turn: its work sees the signal and ends.
      signal.addEventListener('abort', () => void run(), { once: true });
      void turns(run);
    });
  }

  get(id: string): Task | null {
    return this.#entries.get(id)?.task ?? null;
  }

  /** All tasks, newest first. */
  list(): Task[] {
    return [...this.#entries.values()].map((entry) => entry.task).reverse();
  }

  /** The running task that writes the project, or null if there is none. */
  writer(): Task | null {
    for (const { task, writes } of this.#entries.values()) {
      if (writes && task.state === 'running') return task;
    }
    return null;
  }

  /** @throws Refusal (409) while a task needs the open project */
  assertProjectFree(): void {
    for (const { task, project } of this.#entries.values()) {
      if (!project || task.state !== 'running') continue;
      throw new Refusal(409, waitFor(task.title));
    }
  }

  /** Asks a task to stop; an ended one stays as it is. @returns null if there is no such task */
  cancel(id: string): Task | null {
    const entry = this.#entries.get(id);
    entry?.abort.abort();
    return entry?.task ?? null;
  }

  /** Waits for the end of a task; never rejects. @returns null if there is no such task */
  async ended(id: string): Promise<Task | null> {
    await this.#entries.get(id)?.ended;
    return this.get(id);
  }

  /** Cancels all tasks and waits for their ends. */
  async cancelAll(): Promise<void> {
    for (const entry of this.#entries.values()) entry.abort.abort();
    await Promise.all([...this.#entries.values()].map((entry) => entry.ended));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.cancelAll();
  }

  async #run(entry: Entry, work: Work): Promise<void> {
    const began = Date.now();
    const { kind } = entry.task;
    // Previews start with every letter that a person types: too many for the log.
    if (kind !== 'look') this.#log.info({ task: kind, counts: entry.counts }, 'task started');
    const end = (change: Partial<Task>, err?: unknown): void => {
      entry.task = { ...entry.task, ...change, endedAt: new Date().toISOString() };
      this.#logEnd(entry, Date.now() - began, err);
      this.#forget();
      this.#publish(entry);
    };
    try {
      const result = await work(entry.abort.signal, (progress) => this.#progress(entry, progress));
      end({ state: 'done', result: result ?? null });
    } catch (error) {
      if (entry.abort.signal.aborted) {
        end({ state: 'cancelled' });
        return;
      }
      end({ state: 'failed', ...apiError(error, this.#unforeseen) }, error);
    }
  }

  #logEnd({ task, counts }: Entry, ms: number, err: unknown): void {
    const { kind, state, result } = task;
    const facts = { task: kind, state, ms, counts: { ...counts, ...(result as object | null) } };
    if (state === 'failed') this.#log.error({ ...facts, err }, 'task failed');
    else if (kind !== 'look') this.#log.info(facts, 'task ended');
  }

  #progress(entry: Entry, progress: Progress): void {
    if (entry.task.state !== 'running') return;
    entry.task = { ...entry.task, progress };
    if (Date.now() - entry.publishedAt >= INTERVAL_MS) this.#publish(entry);
  }

  #publish(entry: Entry): void {
    entry.publishedAt = Date.now();
    this.#bus.publish({ type: 'task', task: entry.task });
  }

  #forget(): void {
    const ended = [...this.#entries.values()].filter(({ task }) => task.state !== 'running');
    // Ended previews are dropped at once: nobody asks for their results, and there may be many.
    const previews = ended.filter(({ task }) => task.kind === 'look');
    const old = ended.slice(0, Math.max(0, ended.length - KEPT));
    for (const { task } of [...previews, ...old]) this.#entries.delete(task.id);
  }
}
