/** What every route shares: the open project, tasks, events, settings, and when it all ends. */
import type { Logger } from 'pino';
import { EventBus } from '../tasks/bus.ts';
import { Home } from '../home/home.ts';
import { Recents } from '../home/recents.ts';
import { Tasks } from '../tasks/tasks.ts';
import type { Trainings } from '../tasks/live.ts';
import { logFile, openLog } from '../../log/log.ts';
import { version } from '../../version.ts';
import { Workspace } from '../project/workspace.ts';
import type { Opened } from '../project/workspace.ts';
import type { NamedFolders } from '../../log/redact.ts';

export interface ServerContext {
  readonly version: string;
  readonly log: Logger;
  /** What a person is told of an error that nobody foresaw. */
  readonly unforeseen: string;
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
  /** The log of this kind of process by default. */
  readonly log?: Logger;
  /** Whether the window has a menu, in which the log is found. */
  readonly desktop?: boolean;
  /** Where settings and recent projects are kept; the user's configuration folder by default. */
  readonly home?: Home;
  /** What writes the project, for those who find it locked: `overread serve`. */
  readonly purpose?: string;
}

function namedFolders(opened: Opened | null): NamedFolders {
  return {
    project: opened?.folder ?? null,
    dataset: opened?.project.origin.root ?? null,
  };
}

export function createContext(options: ContextOptions = {}): ServerContext {
  const { desktop = false } = options;
  const log =
    options.log ?? openLog(desktop ? 'audit' : 'serve', () => namedFolders(workspace.current));
  const unforeseen =
    'Something went wrong inside Overread; the log has the details: ' +
    (desktop ? 'choose “Show log” in the Help menu.' : `${logFile()}.`);
  const bus = new EventBus();
  const tasks = new Tasks(bus, log, unforeseen);
  const home = options.home ?? new Home();
  const workspace = new Workspace(bus, options.purpose ?? 'overread');
  const recents = new Recents(home, workspace, log);
  const closing = new AbortController();
  return {
    version: version(),
    log,
    unforeseen,
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
