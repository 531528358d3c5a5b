/** The project's trainings: their list, the data of the next one, start and stop. */
import type { Outlook, RunInfo, Task, TrainRequest } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { session } from '../shared/session.svelte.ts';
import { soon } from '../shared/soon.ts';

const PAUSE_MS = 200;

export class Runs {
  /** The project's runs, oldest first; null until they are loaded. */
  list = $state.raw<readonly RunInfo[] | null>(null);
  outlook = $state.raw<Outlook | null>(null);
  problem = $state<string | null>(null);
  /** Id of the run that is shown, or null for the newest run. */
  chosen = $state<string | null>(null);
  /** Whether a request (start, pause, …) is under way. */
  busy = $state(false);
  readonly #soon = soon(PAUSE_MS, () => this.load());

  readonly newest = $derived(this.list?.at(-1) ?? null);
  readonly selected = $derived(this.list?.find(({ id }) => id === this.chosen) ?? this.newest);
  /** The run that trains now, or null. */
  readonly live = $derived(this.list?.find(({ live }) => live !== null) ?? null);
  /** The newest run if it can be resumed, because it neither runs nor is done; else null. */
  readonly resumable = $derived(
    this.newest && !this.newest.live && this.newest.status !== 'done' ? this.newest : null,
  );

  number(id: string): number {
    return (this.list?.findIndex((run) => run.id === id) ?? -1) + 1;
  }

  /** The task that trains now, a training or the demo, or null. */
  get task(): Task | null {
    const id = this.live?.live?.task;
    const own = session.tasks.find((task) => task.id === id);
    if (own) return own;
    return session.running('train');
  }

  follow(): () => void {
    void this.load();
    const stop = session.subscribe((event) => {
      if (event.type === 'reset' || event.type === 'changed') this.#soon.ask();
      if (event.type === 'task' && event.task.kind === 'train' && event.task.state !== 'running')
        this.#soon.ask();
      if (event.type !== 'run') return;
      const { type } = event.message;
      // These three kinds of messages do not change the list; `RunWatch` follows the epochs.
      if (type !== 'step' && type !== 'epoch' && type !== 'progress') this.#soon.ask();
    });
    return () => {
      this.#soon.stop();
      stop();
    };
  }

  async load(): Promise<void> {
    try {
      const [{ runs }, outlook] = await Promise.all([client.runs(), client.outlook()]);
      this.list = runs;
      this.outlook = outlook;
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
  }

  async #do(work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
      await this.load();
    } catch (error) {
      notices.error(sentenceOf(error));
    } finally {
      this.busy = false;
    }
  }

  start(request: TrainRequest): Promise<void> {
    this.chosen = null;
    return this.#do(() => client.train(request));
  }

  /** Lets a run rank. @param run null takes the choice back */
  choose(run: string | null): Promise<void> {
    return this.#do(() => client.chooseRun(run));
  }

  resume(id: string): Promise<void> {
    this.chosen = null;
    return this.#do(() => client.resumeRun(id));
  }

  togglePause(): Promise<void> {
    const run = this.live;
    if (!run?.live?.trains) return Promise.resolve();
    const { paused } = run.live;
    return this.#do(() => (paused ? client.continueRun(run.id) : client.pauseRun(run.id)));
  }

  cancel(): Promise<void> {
    const run = this.live;
    const { task } = this;
    return this.#do(async () => {
      if (run) await client.cancelRun(run.id);
      else if (task) await client.cancelTask(task.id);
    });
  }
}
