/**
 * The message boxes after a crash of the page or of the audit process. They tell the person what happened
 * and that no work is lost: strokes, verdicts and comments are on disk as soon as they are made.
 */
import { app, dialog } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import { crashSentence } from '../audit/processes/crash.ts';
import type { Exit } from '../audit/processes/host.ts';

const KEPT = 'Every stroke, verdict and comment up to now is kept.';

/** After this many crashes within a minute the person is asked before the next start. */
const MANY = 3;
const MINUTE_MS = 60_000;

/** Shows a message box, on the window if there is one. @returns the index of the pressed button */
export async function ask(window: BrowserWindow | null, box: MessageBoxOptions): Promise<number> {
  const options = { noLink: true, title: 'Overread', ...box };
  const there = window && !window.isDestroyed();
  const answer = there ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
  return (await answer).response;
}

/** Offers to load the page again after it crashed or while it hangs. */
export function setUpPageCrashes(window: BrowserWindow): void {
  const contents = window.webContents;
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    void ask(window, {
      type: 'error',
      message: 'The window stopped working',
      detail: `It ended unexpectedly (${reason}, ${exitCode}). ${KEPT} What runs in the background goes on.`,
      buttons: ['Load it again', 'Quit'],
      cancelId: 0,
    }).then((button) => {
      if (button === 1) app.quit();
      else if (!window.isDestroyed()) contents.reload();
    });
  });

  let waiting: AbortController | null = null;
  window.on('unresponsive', () => {
    if (waiting) return;
    const { signal } = (waiting = new AbortController());
    void ask(window, {
      type: 'warning',
      message: 'The window does not answer',
      detail: `The window may be busy. ${KEPT}`,
      buttons: ['Wait', 'Load it again'],
      cancelId: 0,
      signal,
    }).then((button) => {
      waiting = null;
      if (button !== 1 || signal.aborted || window.isDestroyed()) return;
      // A page that hangs ignores `reload`, so its process is ended first.
      contents.forcefullyCrashRenderer();
      contents.reload();
    });
  });
  window.on('responsive', () => waiting?.abort());
}

/** Restarts the audit process after a crash and tells the person; after `MANY` crashes it asks first. */
export class AuditCrashes {
  readonly #window: () => BrowserWindow | null;
  #times: number[] = [];

  constructor(window: () => BrowserWindow | null) {
    this.#window = window;
  }

  /** @param trained whether a training ran when the process crashed */
  async crashed(exit: Exit, trained: boolean, restart: () => void): Promise<void> {
    const now = Date.now();
    this.#times = [...this.#times.filter((time) => now - time < MINUTE_MS), now];
    const again = this.#times.length < MANY;
    if (again) restart();
    const resume = trained ? ' The training that ran can be resumed on the Train screen.' : '';
    const sentence = crashSentence('The background process', exit);
    const button = await ask(this.#window(), {
      type: 'error',
      message: again ? 'Overread restarted its background process' : 'Overread keeps failing',
      detail: `${sentence} ${KEPT}${resume}`,
      buttons: again ? ['Go on'] : ['Try again', 'Quit'],
      cancelId: 0,
    });
    if (again) return;
    if (button === 1) app.quit();
    else {
      this.#times = [];
      restart();
    }
  }
}
