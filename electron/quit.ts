/** Quitting: asks first while a training runs, then waits until the project is released. */
import { app } from 'electron';
import type { BrowserWindow } from 'electron';
import { ask } from './crashes.ts';
import type { Desktop } from './desktop.ts';

/** True if no training runs, or if the person wants to quit all the same. */
async function mayQuit(desktop: Desktop): Promise<boolean> {
  if (!desktop.tasks.training) return true;
  const button = await ask(desktop.window, {
    type: 'question',
    message: 'A training is running',
    detail:
      'If you quit now, the training stops. It keeps what it learned up to its last epoch, and you ' +
      'can resume it later.',
    buttons: ['Keep training', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  });
  return button === 1;
}

export function setUpQuitting(desktop: Desktop): void {
  let state: 'open' | 'asking' | 'closing' | 'closed' = 'open';

  const quit = async (): Promise<void> => {
    if (state !== 'open') return;
    state = 'asking';
    if (!(await mayQuit(desktop))) {
      state = 'open';
      return;
    }
    state = 'closing';
    desktop.window?.hide();
    desktop.stage?.hide();
    await desktop.close();
    state = 'closed';
    app.quit();
  };
  const hold = (event: { preventDefault(): void }): void => {
    if (state === 'closed') return;
    event.preventDefault();
    void quit();
  };
  app.on('before-quit', hold);
  // Closing the first window quits the application, so it asks first, too. On a Mac the application stays.
  app.on('browser-window-created', (_event, window: BrowserWindow) => {
    window.on('close', (event) => {
      if (process.platform !== 'darwin' && window !== desktop.stage) hold(event);
    });
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}
