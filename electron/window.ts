/** The window: opens it, remembers its place, and sends the shell's events to its page. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrowserWindow, app, screen } from 'electron';
import { SHELL_EVENTS } from '../audit/contract/shell.ts';
import type { ShellEvent } from '../audit/contract/shell.ts';
import { START } from './protocol.ts';
import { SMALLEST, fitBounds, readWindowState, writeWindowState } from './window-state.ts';
import type { WindowState } from './window-state.ts';

/** The window's colour until the page is painted: `--bg` of the dark theme. */
const BACKGROUND = '#0b0d10';
/** A move or resize has many small steps. The window's state is written this long after the last one. */
const REST_MS = 500;

const PRELOAD = fileURLToPath(new URL('./preload.cjs', import.meta.url));
const ICON = fileURLToPath(new URL('../../electron/icon.png', import.meta.url));

function remember(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const state = (): WindowState => ({
    bounds: window.getNormalBounds(),
    maximised: window.isMaximized(),
    fullScreen: window.isFullScreen(),
  });
  const keep = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!window.isDestroyed()) writeWindowState(file, state());
    }, REST_MS);
  };
  window.on('resize', keep).on('move', keep).on('maximize', keep).on('unmaximize', keep);
  window.on('enter-full-screen', keep).on('leave-full-screen', keep);
  window.on('close', () => {
    clearTimeout(timer);
    writeWindowState(file, state());
  });
}

/** Makes the window and loads the page. The window appears when the page is first drawn. */
export function openWindow(): BrowserWindow {
  const file = join(app.getPath('userData'), 'window.json');
  const kept = readWindowState(file);
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const window = new BrowserWindow({
    ...fitBounds(
      kept.bounds,
      [primary, ...others].map(({ workArea }) => workArea),
    ),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Overread',
    icon: ICON,
    backgroundColor: BACKGROUND,
    show: false,
    webPreferences: {
      preload: PRELOAD,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // The page itself handles a dropped file; Electron must not navigate to it.
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  window.once('ready-to-show', () => {
    if (kept.maximised) window.maximize();
    if (kept.fullScreen) window.setFullScreen(true);
    window.show();
  });
  remember(window, file);
  void window.loadURL(START);
  return window;
}

/** Sends an event to the page, as soon as it has loaded. */
export function tell(window: BrowserWindow, event: ShellEvent): void {
  const send = (): void => window.webContents.send(SHELL_EVENTS, event);
  if (window.webContents.isLoading()) window.webContents.once('did-finish-load', send);
  else send();
}

export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
