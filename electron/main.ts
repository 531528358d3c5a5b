/** The desktop application's main process: what it sets up, in order. */
import { join } from 'node:path';
import { app } from 'electron';
import { configurationFolder } from '../audit/server/home.ts';
import { Audit } from './audit.ts';
import { folderIn, givenIn, isProject } from './opening.ts';
import { registerScheme, setUpProtocol } from './protocol.ts';
import { setUpSecurity } from './security.ts';
import { openWindow } from './window.ts';

// Where Chromium's sandbox cannot be had (root in a container), it was turned off by hand.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
app.setPath('userData', join(configurationFolder(), 'desktop'));
registerScheme();

async function start(): Promise<void> {
  await app.whenReady();
  const asked = folderIn(givenIn(process.argv, app.isPackaged), process.cwd());
  const audit = new Audit({ onSaid: () => undefined, onCrash: () => undefined });
  audit.start(asked !== null && isProject(asked) ? asked : null);
  setUpSecurity();
  setUpProtocol((request) => audit.fetch(request));
  openWindow();
}

void start();
