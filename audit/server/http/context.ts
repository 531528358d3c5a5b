/** The parts of the server that all routes share: the open project, tasks, events and settings. */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { EventBus } from '../tasks/bus.ts';
import { Home } from '../home/home.ts';
import { ClickModel } from '../pictures/click-model.ts';
import { Recents } from '../home/recents.ts';
import { Tasks } from '../tasks/tasks.ts';
import type { LiveTrainings } from '../tasks/live.ts';
import { logFile, openLog } from '../../log/log.ts';
import { version } from '../../version.ts';
import { Workspace } from '../project/workspace.ts';
import type { OpenedProject } from '../project/opened-project.ts';
import { sweepLeftovers } from '../../store/leftovers.ts';
import type { NamedFolders } from '../../log/redact.ts';

export interface ServerContext {
  readonly version: string;
  readonly log: Logger;
  /** The message that a person gets for a defect; it says where the log is. */
  readonly unforeseen: string;
  readonly bus: EventBus;
  readonly tasks: Tasks;
  readonly home: Home;
  readonly workspace: Workspace;
  /** The network that segments by clicks, if the settings name one. */
  readonly click: ClickModel;
  /** Updates the open project's card on the start screen. */
  readonly recents: Recents;
  /** The trainings that run now. */
  readonly trainings: LiveTrainings;
  /** Aborted when the server closes; event streams then end. */
  readonly closing: AbortSignal;
  /** Cancels tasks, ends streams, closes the project. */
  close(): Promise<void>;
}

export interface ContextOptions {
  /** Where the server logs. Default: the log file of the desktop or of `overread serve`. */
  readonly log?: Logger;
  /** Whether the server runs in the desktop application, whose menu can show the log. */
  readonly desktop?: boolean;
  /** Settings and recent projects. Default: those in the user's configuration folder. */
  readonly home?: Home;
  /** Who holds the project's lock, for example `overread serve`. Other processes show this name. */
  readonly purpose?: string;
}

function namedFolders(opened: OpenedProject | null): NamedFolders {
  return {
    project: opened?.folder ?? null,
    dataset: opened?.project.origin.root ?? null,
  };
}

export function createContext(options: ContextOptions = {}): ServerContext {
  const { desktop = false } = options;
  sweepLeftovers();
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
  const click = new ClickModel();
  const closing = new AbortController();
  // Each event stream of a window listens: many windows are no leak.
  setMaxListeners(0, closing.signal);
  return {
    version: version(),
    log,
    unforeseen,
    bus,
    tasks,
    home,
    workspace,
    click,
    recents,
    trainings: new Map(),
    closing: closing.signal,
    async close() {
      await tasks.close();
      closing.abort();
      await workspace.close();
      await click.close();
      await recents.close();
    },
  };
}
