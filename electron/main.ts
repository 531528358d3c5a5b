/**
 * The desktop application's main process. It sets up the log, the window's protocol, the menu and the
 * window.
 */
import { join } from 'node:path';
import { Menu, app } from 'electron';
import { configurationFolder } from '../models/folders.ts';
import { showAbout } from './about.ts';
import { setUpBridge } from './bridge.ts';
import { Desktop } from './desktop.ts';
import { askedFor, claimInstance } from './instance.ts';
import { setUpLog, showLog } from './log.ts';
import { menuTemplate } from './menu.ts';
import { registerScheme, setUpProtocol } from './protocol.ts';
import { setUpQuitting } from './quit.ts';
import { setUpSecurity } from './security.ts';

const log = setUpLog();
const desktop = new Desktop(log);

/** Builds the menu, and builds it again when the projects or the person's keys change. */
function setUpMenu(): void {
  const draw = (): void => {
    const template = menuTemplate(
      {
        act: (id) => desktop.act(id),
        openDialog: () => void desktop.openDialog(),
        openRecent: (folder) => desktop.open(folder),
        showLog,
        about: () => void showAbout(desktop.window),
      },
      {
        recent: desktop.recent,
        keys: desktop.keys,
        open: desktop.project !== null,
        mac: process.platform === 'darwin',
        development: !app.isPackaged,
      },
    );
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  desktop.onMenu = draw;
  draw();
}

/** Handles events that only macOS sends: a click on the icon, and a folder dropped on it. */
function setUpMac(): void {
  app.on('activate', () => desktop.showWindow());
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void app.whenReady().then(() => desktop.open(path));
  });
}

async function start(): Promise<void> {
  await app.whenReady();
  setUpSecurity();
  setUpProtocol((request) => desktop.answer(request));
  setUpBridge(() => desktop.showStage());
  setUpMenu();
  setUpQuitting(desktop);
  desktop.start(askedFor());
}

// `launch.ts` passes `--no-sandbox` if root starts it, because Chromium's sandbox does not work for root.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setPath('userData', join(configurationFolder(), 'desktop'));
registerScheme();
const first = claimInstance((folder) => {
  if (folder === null) desktop.showWindow();
  else desktop.open(folder);
});
if (first) {
  setUpMac();
  void start();
} else app.quit();
