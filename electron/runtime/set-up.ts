/** Finds an Electron or downloads one: with the npm package's own downloader, or else the stand-in. */
import { join } from 'node:path';
import type { Terminal } from '../../audit/cli/terminal.ts';
import { run } from '../../trainer/setup/command.ts';
import type { Report } from '../../trainer/setup/progress.ts';
import {
  STAND_IN_VERSION,
  electronPackage,
  executableIn,
  findRuntime,
  standInFolder,
} from './find.ts';
import type { Runtime } from './find.ts';
import { setUpStandIn, standInFits } from './stand-in.ts';

export interface SetUpOptions {
  readonly report: Report;
  /**
   * Whether the stand-in may be used, an older Electron of another maker: for tests, packaging without a network
   * and a first look.
   */
  readonly standIn: boolean;
  /** Called with one line for the person, for example why an older Electron is used. */
  readonly notice: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
}

/** The error if only the stand-in could be used, and it may not. */
export class StandInNeeded extends Error {}

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
  if (found && (options.standIn || found.origin !== 'stand-in')) return found;
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
    const sentence = `Electron cannot be downloaded: ${why}.`;
    if (!standInFits || folder === null) throw new Error(sentence);
    if (!options.standIn) throw new StandInNeeded(sentence);
    options.notice(
      `Electron’s own download failed (${why}); taking an older one (${STAND_IN_VERSION}) from another maker’s npm package. It is for a first look.`,
    );
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
