/**
 * The server's state that all screens share: the open project, long tasks, settings, and whether
 * the server can be reached. Follows the server's events; screens subscribe to them.
 */
import pLimit from 'p-limit';
import type { ProjectInfo, Settings, Task } from '../../audit/contract/api.ts';
import type { ServerEvent } from '../../audit/contract/events.ts';
import { client, sentenceOf } from './api.ts';
import { coloured } from './colours.svelte.ts';
import { notices } from './notices.svelte.ts';

type Listener = (event: ServerEvent) => void;

class Session {
  project = $state.raw<ProjectInfo | null>(null);
  tasks = $state.raw<readonly Task[]>([]);
  settings = $state.raw<Settings | null>(null);
  version = $state('');
  /** Path of the log on the server's machine. */
  log = $state('');
  /** `ready`: whether the server has answered once. `connected`: whether it answers now. */
  ready = $state(false);
  connected = $state(true);
  readonly #listeners = new Set<Listener>();
  /** Handles one event at a time. */
  #queue = pLimit(1);

  /** The running task of a kind, or null. */
  running(kind: Task['kind']): Task | null {
    return this.tasks.find((task) => task.kind === kind && task.state === 'running') ?? null;
  }

  /**
   * Calls `listener` for every event of the server, after the session is up to date.
   * @returns a function that ends this
   */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async load(): Promise<void> {
    const [status, settings] = await Promise.all([client.status(), client.settings()]);
    this.project = status.project && coloured(status.project);
    this.tasks = status.tasks;
    this.version = status.version;
    this.log = status.log;
    this.settings = settings;
    this.ready = true;
  }

  /** Loads the state, then follows the server's events until `signal` is aborted. */
  async start(signal: AbortSignal): Promise<void> {
    void client.watch({
      signal,
      onEvent: (event) => this.#inTurn(event),
      onConnection: (connected) => {
        const back = connected && !this.connected;
        this.connected = connected;
        if (!back) return;
        // Events in the old queue may still wait for requests to the lost server. New events must not.
        this.#queue = pLimit(1);
        this.#reload();
      },
    });
    await this.load().catch((error: unknown) => notices.error(sentenceOf(error)));
  }

  #reload(): void {
    this.load().then(
      () => this.#tell({ type: 'reset' }),
      (error: unknown) => notices.error(sentenceOf(error)),
    );
  }

  #tell(event: ServerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /**
   * Handles an event after the requests of earlier events: when the end of an import is handled, its
   * project is open.
   */
  #inTurn(event: ServerEvent): void {
    this.#queue(() => this.#take(event)).catch((error: unknown) =>
      notices.error(sentenceOf(error)),
    );
  }

  async #take(event: ServerEvent): Promise<void> {
    if (event.type === 'task') {
      const rest = this.tasks.filter(({ id }) => id !== event.task.id);
      this.tasks = [event.task, ...rest];
    }
    if (event.type === 'reset') return this.#reload();
    if (event.type === 'changed') {
      if (event.what === 'settings') {
        void client.settings().then((settings) => (this.settings = settings));
      } else if (event.what === 'project' || event.what === 'runs') {
        // Loads the project before the listeners are called.
        const { project } = await client.status();
        this.project = project && coloured(project);
      }
    }
    this.#tell(event);
  }
}

export const session = new Session();
