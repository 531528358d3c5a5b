/**
 * Answers the page's requests to the desktop shell: dialogs, the file manager, the log. Each request is
 * checked, and only the main frame of Overread's own page may send one.
 */
import { BrowserWindow, dialog, ipcMain, shell } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { SHELL_CHANNEL, ShellRequest } from '../audit/contract/shell.ts';
import type { ShellAnswer } from '../audit/contract/shell.ts';
import { showLog } from './log.ts';
import { isOurs } from './protocol.ts';

const NOTHING: ShellAnswer = { path: null };

/** The window whose page sent the request, or null if the sender is not Overread's own page. */
function asker({ sender, senderFrame }: IpcMainInvokeEvent): BrowserWindow | null {
  if (!senderFrame || senderFrame !== sender.mainFrame || !isOurs(senderFrame.url)) return null;
  return BrowserWindow.fromWebContents(sender);
}

async function answer(
  window: BrowserWindow,
  request: ShellRequest,
  showStage: () => void,
): Promise<ShellAnswer> {
  switch (request.type) {
    case 'pick-folder': {
      const { title } = request;
      const properties = ['openDirectory', 'createDirectory'] as const;
      const { filePaths } = await dialog.showOpenDialog(window, {
        title,
        properties: [...properties],
      });
      return { path: filePaths[0] ?? null };
    }
    case 'pick-file': {
      const { title, name, extensions } = request;
      const { filePaths } = await dialog.showOpenDialog(window, {
        title,
        properties: ['openFile'],
        filters: [{ name, extensions }],
      });
      return { path: filePaths[0] ?? null };
    }
    case 'pick-new-folder': {
      const { title, name } = request;
      const { filePath, canceled } = await dialog.showSaveDialog(window, {
        title,
        defaultPath: name,
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      });
      return { path: canceled || filePath === '' ? null : filePath };
    }
    case 'show-in-folder': {
      const { path } = request;
      if (isAbsolute(path) && existsSync(path)) shell.showItemInFolder(path);
      return NOTHING;
    }
    case 'show-log':
      showLog();
      return NOTHING;
    case 'show-stage':
      showStage();
      return NOTHING;
  }
}

/** @param showStage opens the second window */
export function setUpBridge(showStage: () => void): void {
  ipcMain.handle(SHELL_CHANNEL, async (event, message: unknown) => {
    const window = asker(event);
    if (!window) {
      throw new Error('Only Overread’s own page may send requests to the desktop application.');
    }
    const request = ShellRequest.safeParse(message);
    if (!request.success) throw new Error('The desktop application does not know this request.');
    return answer(window, request.data, showStage);
  });
}
