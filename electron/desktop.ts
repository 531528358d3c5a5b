/** The running application: its window, the audit process, and the messages between the two. */
import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { Logger } from 'pino';
import type { OwnKeys } from '../audit/contract/actions.ts';
import { PROJECT_NAME } from '../audit/contract/terms.ts';
import type { RecentProject } from '../audit/contract/api.ts';
import { Audit } from './audit.ts';
import type { Said } from './audit.ts';
import { AuditCrashes, ask, setUpPageCrashes } from './crashes.ts';
import { exitOf } from './exit.ts';
import { TaskWatch } from './tasks.ts';
import { bringForward, openStageWindow, openWindow, tell } from './window.ts';

export class Desktop {
  window: BrowserWindow | null = null;
  /** The second window, which shows the stage; null while there is none. */
  stage: BrowserWindow | null = null;
  /** Folder of the open project, or null. */
  project: string | null = null;
  recent: readonly RecentProject[] = [];
  /** The keys that the person chose, by an action's id. */
  keys: OwnKeys = {};
  /** Called when something has changed that the menu shows: projects or keys. */
  onMenu: () => void = () => undefined;
  readonly tasks = new TaskWatch(
    () => this.window,
    () => this.act('go.train'),
  );
  readonly #audit = new Audit({
    onSaid: (said) => this.#heard(said),
    onCrash: (code) => this.#crashed(code),
  });
  readonly #crashes = new AuditCrashes(() => this.window);
  readonly #log: Logger;
  #closing: Promise<void> | null = null;

  constructor(log: Logger) {
    this.#log = log;
  }

  /**
   * Starts the audit process and opens the window.
   * @param folder a project, which the audit process opens; another path, which the page opens; or null
   */
  start(folder: string | null): void {
    const project = folder !== null && PROJECT_NAME.test(folder);
    this.#audit.start(project ? folder : null);
    this.showWindow();
    if (folder !== null && !project) this.open(folder);
  }

  answer(request: Request): Promise<Response> {
    return this.#audit.fetch(request);
  }

  /** Opens the window, or brings it to the front. */
  showWindow(): BrowserWindow {
    if (this.window && !this.window.isDestroyed()) {
      bringForward(this.window);
      return this.window;
    }
    const window = openWindow();
    setUpPageCrashes(window);
    window.once('closed', () => {
      this.window = null;
      this.stage?.close();
    });
    this.window = window;
    return window;
  }

  /** Opens the second window, or brings it to the front. */
  showStage(): void {
    if (this.stage) return bringForward(this.stage);
    const window = openStageWindow(this.showWindow());
    setUpPageCrashes(window);
    window.once('closed', () => (this.stage = null));
    this.stage = window;
  }

  /** Lets the page run the action with this id. */
  act(id: string): void {
    tell(this.showWindow(), { type: 'action', id });
  }

  /** Sends a path to the page, which opens a project, unpacks a packed one, or imports any other path. */
  open(path: string): void {
    tell(this.showWindow(), { type: 'open', path });
  }

  async openDialog(): Promise<void> {
    const { filePaths } = await dialog.showOpenDialog(this.showWindow(), {
      title: 'Open a project, or a folder of images and labels',
      properties: ['openDirectory'],
    });
    const [path] = filePaths;
    if (path !== undefined) this.open(path);
  }

  /**
   * Ends the audit process, which stops its tasks and releases the project. Later calls wait for the first.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#audit.close());
  }

  #heard(said: Said): void {
    switch (said.type) {
      case 'event':
        if (said.event.type === 'task') this.tasks.take(said.event.task);
        return;
      case 'projects':
        if (said.open !== null && said.open !== this.project) app.addRecentDocument(said.open);
        this.project = said.open;
        this.recent = said.recent;
        this.onMenu();
        return;
      case 'keys':
        this.keys = said.keys;
        this.onMenu();
        return;
      case 'ready':
        if (said.problem === null) return;
        void ask(this.window, {
          type: 'warning',
          message: 'The project could not be opened',
          detail: said.problem,
          buttons: ['Go on'],
        });
        return;
    }
  }

  #crashed(code: number): void {
    const { project } = this;
    const trained = this.tasks.training !== null;
    const exit = exitOf(code, '');
    this.#log.error({ program: 'audit', code: exit.code, signal: exit.signal }, 'program ended');
    this.tasks.forget();
    void this.#crashes.crashed(exit, trained, () => this.#audit.start(project));
  }
}
