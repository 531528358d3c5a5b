/** The about box: what Overread is for, and what it is not for. */
import { app } from 'electron';
import type { BrowserWindow } from 'electron';
import { logFile } from '../audit/log/log.ts';
import { ask } from './crashes.ts';

const SCOPE =
  'Finds the bad labels in a segmentation dataset of single-plane radiographs and helps people fix ' +
  'them. For curating datasets, not for diagnosis.';

export async function showAbout(window: BrowserWindow | null): Promise<void> {
  const { electron, chrome, node } = process.versions;
  await ask(window, {
    type: 'info',
    title: 'About Overread',
    message: `Overread ${app.getVersion()}`,
    detail:
      `${SCOPE}\n\nElectron ${electron}, Chromium ${chrome}, Node ${node}\n` +
      `Log: ${logFile()}\nApache License 2.0`,
    buttons: ['Close'],
  });
}
