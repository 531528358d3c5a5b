/** The two windows: opens them, remembers their places, and sends the shell's events to the first one's page. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrowserWindow, app, screen } from 'electron';
import type { WebPreferences } from 'electron';
import { SHELL_EVENTS } from '../audit/contract/shell.ts';
import type { ShellEvent } from '../audit/contract/shell.ts';
import { STAGE, START } from './protocol.ts';
import { SMALLEST, fitBounds, readWindowState, writeWindowState } from './window-state.ts';
import type { Bounds, WindowState } from './window-state.ts';

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

const LOCKED: WebPreferences = {
  preload: PRELOAD,
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  spellcheck: false,
  // The page itself handles a dropped file; Electron must not navigate to it.
  navigateOnDragDrop: false,
  devTools: !app.isPackaged,
};

/**
 * Makes a window and loads its page. The window appears when the page is first drawn.
 * @param address `START`, or `STAGE` for the second window
 * @param screens work areas; a window without a kept place opens on the first
 */
function open(address: string, file: string, screens: readonly Bounds[]): BrowserWindow {
  const kept = readWindowState(file);
  const window = new BrowserWindow({
    ...fitBounds(kept.bounds, screens),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Overread',
    icon: ICON,
    backgroundColor: BACKGROUND,
    show: false,
    webPreferences: LOCKED,
  });
  window.once('ready-to-show', () => {
    if (kept.maximised) window.maximize();
    if (kept.fullScreen) window.setFullScreen(true);
    window.show();
  });
  remember(window, file);
  void window.loadURL(address);
  return window;
}

const stateFile = (name: string): string => join(app.getPath('userData'), name);

/** Opens the first window. */
export function openWindow(): BrowserWindow {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const areas = [primary, ...others].map(({ workArea }) => workArea);
  return open(START, stateFile('window.json'), areas);
}

/** Opens the second window, which shows the stage: the first time on a screen on which `first` does not lie. */
export function openStageWindow(first: BrowserWindow): BrowserWindow {
  const own = screen.getDisplayMatching(first.getBounds());
  const others = screen.getAllDisplays().filter(({ id }) => id !== own.id);
  const areas = [...others, own].map(({ workArea }) => workArea);
  const file = stateFile('stage-window.json');
  const window = open(STAGE, file, areas);
  const [free] = others;
  if (free && readWindowState(file).bounds === null) window.setBounds(free.workArea);
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
