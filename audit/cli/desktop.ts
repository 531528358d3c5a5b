/** Opens the desktop application from the command line. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { hasDesktop } from './browser.ts';
import type { Session } from './command.ts';

const NoWindow = z.object({ type: z.literal('no-window'), why: z.string() });

/** Path of the built application, whether this file runs from `dist/` or from the sources. */
function launcher(): string {
  const built = import.meta.url.endsWith('.ts')
    ? new URL('../../dist/electron/launch.js', import.meta.url)
    : new URL('../../electron/launch.js', import.meta.url);
  return fileURLToPath(built);
}

/**
 * Opens the window and waits until it is closed.
 * @returns null when the window was closed; if no window can open here, the reason, a sentence without
 *   its full stop
 * @throws UserError when the application crashed
 */
export async function openDesktop(
  { signal, env }: Session,
  project: string | null,
): Promise<string | null> {
  if (!hasDesktop(env)) return 'there is no display here';
  const entry = launcher();
  if (!existsSync(entry)) return 'the desktop application is not built (npm run build)';
  return new Promise((resolve, reject) => {
    let why: string | null = null;
    const child = fork(entry, project === null ? [] : [project], { env, stdio: 'inherit' });
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    child.on('message', (message) => {
      const said = NoWindow.safeParse(message);
      if (said.success) why = said.data.why.replace(/\.$/, '');
    });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (why !== null || code === 0 || signal.aborted) resolve(why);
      else reject(new UserError('The desktop application ended unexpectedly: open it again.'));
    });
  });
}
