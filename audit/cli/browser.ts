/** Opens an address in the person's browser. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryBeside } from '../store/leftovers.ts';
import type { Temporary } from '../store/leftovers.ts';
import { configurationFolder } from '../../models/folders.ts';

/** Whether this process can open a window: true in a desktop session, false in a shell on a server. */
export function hasDesktop(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') {
    return env['SSH_CONNECTION'] === undefined;
  }
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

/**
 * Writes a page that goes on to `url`, which holds a token: everybody on the machine can read the arguments of a
 * process, but only its owner can read this file. The caller removes it.
 */
export function redirectPage(url: string): Temporary {
  const folder = configurationFolder();
  mkdirSync(folder, { recursive: true });
  const page = temporaryBeside(join(folder, 'open.html'), '.html');
  const address = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const html = `<!doctype html><meta charset="utf-8"><title>Overread</title><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${address}">`;
  writeFileSync(page.path, html, { mode: 0o600, flag: 'wx' });
  return page;
}

/** The address of a file. */
export const addressOf = (file: string): string => pathToFileURL(file).href;

/** @returns false if there is no desktop session, or no program that opens addresses */
export async function openBrowser(url: string, env = process.env): Promise<boolean> {
  if (!hasDesktop(env)) return false;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
