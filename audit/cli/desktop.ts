/** Opens the desktop application from the command line. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { hasDesktop } from './browser.ts';
import type { Session } from './command.ts';

const NoWindow = z.object({
  type: z.literal('no-window'),
  why: z.string(),
  standIn: z.boolean(),
});

/** Why no window can open here. */
export interface NoDesktop {
  /** A sentence without its full stop. */
  readonly why: string;
  /** Whether an older Electron of another maker could open the window, if the person allows it. */
  readonly standIn: boolean;
}

/** Path of the built application, whether this file runs from `dist/` or from the sources. */
function launcher(): string {
  const built = import.meta.url.endsWith('.ts')
    ? new URL('../../dist/electron/launch.js', import.meta.url)
    : new URL('../../electron/launch.js', import.meta.url);
  return fileURLToPath(built);
}

/**
 * Opens the window and waits until it is closed.
 * @param standIn whether an older Electron of another maker may open it
 * @returns null when the window was closed, else why no window can open here
 * @throws UserError when the application crashed
 */
export async function openDesktop(
  { signal, env }: Session,
  project: string | null,
  standIn: boolean,
): Promise<NoDesktop | null> {
  const none = (why: string): NoDesktop => ({ why, standIn: false });
  if (!hasDesktop(env)) return none('there is no display here');
  const entry = launcher();
  if (!existsSync(entry)) return none('the desktop application is not built (npm run build)');
  return new Promise((resolve, reject) => {
    let why: NoDesktop | null = null;
    const child = fork(entry, project === null ? [] : [project], {
      env: { ...env, OVERREAD_STAND_IN: standIn ? '1' : '0' },
      stdio: 'inherit',
    });
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    child.on('message', (message) => {
      const said = NoWindow.safeParse(message);
      if (said.success) why = { ...said.data, why: said.data.why.replace(/\.$/, '') };
    });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (why !== null || code === 0 || signal.aborted) resolve(why);
      else reject(new UserError('The desktop application ended unexpectedly: open it again.'));
    });
  });
}
