/**
 * The bridge of the window: all that the page can ask of the shell. It runs in the sandbox, where
 * only Electron can be loaded, so it imports only types from the contract.
 */
import type * as Electron from 'electron';
import type {
  SHELL_CHANNEL,
  SHELL_EVENTS,
  Shell,
  ShellAnswer,
  ShellEvent,
} from '../audit/contract/shell.ts' with { 'resolution-mode': 'import' };

// eslint-disable-next-line @typescript-eslint/no-require-imports -- a sandboxed preload is CommonJS
const { contextBridge, ipcRenderer, webUtils } = require('electron') as typeof Electron;

const channel: typeof SHELL_CHANNEL = 'overread:shell';
const events: typeof SHELL_EVENTS = 'overread:shell-event';

const listeners = new Set<(event: ShellEvent) => void>();
/** Events that came before the page listened. */
let waiting: ShellEvent[] = [];

ipcRenderer.on(events, (_, event: ShellEvent) => {
  if (listeners.size === 0) waiting.push(event);
  for (const listener of listeners) listener(event);
});

const shell: Shell = {
  platform: process.platform as Shell['platform'],
  versions: { electron: process.versions.electron, chrome: process.versions.chrome },
  ask: (request) => ipcRenderer.invoke(channel, request) as Promise<ShellAnswer>,
  pathOf: (file) => webUtils.getPathForFile(file as File),
  onEvent(listener) {
    listeners.add(listener);
    const missed = waiting;
    waiting = [];
    for (const event of missed) listener(event);
    return () => void listeners.delete(listener);
  },
};

contextBridge.exposeInMainWorld('overread', shell);
