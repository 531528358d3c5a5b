/** Opens an address in the person's browser. */
import { spawn } from 'node:child_process';

/** Whether this process can open a window: true in a desktop session, false in a shell on a server. */
export function hasDesktop(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') {
    return env['SSH_CONNECTION'] === undefined;
  }
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

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
