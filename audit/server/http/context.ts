/** What every route shares: the open project, tasks, events, settings, and when it all ends. */
import { pino } from 'pino';
import type { Logger } from 'pino';
import { EventBus } from '../tasks/bus.ts';
import { Home } from '../home/home.ts';
import { Recents } from '../home/recents.ts';
import { Tasks } from '../tasks/tasks.ts';
import type { Trainings } from '../tasks/live.ts';
import { version } from '../../version.ts';
import { Workspace } from '../project/workspace.ts';

export interface ServerContext {
  readonly version: string;
  readonly log: Logger;
  readonly bus: EventBus;
  readonly tasks: Tasks;
  readonly home: Home;
  readonly workspace: Workspace;
  /** Keeps what the start screen shows of a project up to date. */
  readonly recents: Recents;
  /** What trains now. */
  readonly trainings: Trainings;
  /** Aborted when the server closes: streams end. */
  readonly closing: AbortSignal;
  /** Cancels tasks, ends streams, closes the project. */
  close(): Promise<void>;
}

export interface ContextOptions {
  readonly log?: Logger;
  /** Where settings and recent projects are kept; the user's configuration folder by default. */
  readonly home?: Home;
  /** What writes the project, for those who find it locked: `overread serve`. */
  readonly purpose?: string;
}

export function createContext(options: ContextOptions = {}): ServerContext {
  const log = options.log ?? pino({ name: 'overread', level: 'warn' }, pino.destination(2));
  const bus = new EventBus();
  const tasks = new Tasks(bus, log);
  const home = options.home ?? new Home();
  const workspace = new Workspace(bus, options.purpose ?? 'overread');
  const recents = new Recents(home, workspace, log);
  const closing = new AbortController();
  return {
    version: version(),
    log,
    bus,
    tasks,
    home,
    workspace,
    recents,
    trainings: new Map(),
    closing: closing.signal,
    async close() {
      await tasks.close();
      closing.abort();
      await workspace.close();
      await recents.close();
    },
  };
}
