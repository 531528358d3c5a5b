/** Finds an Electron on this machine that can run the window. Downloads nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../models/folders.ts';

export interface Runtime {
  readonly executable: string;
  /** Folder of the Electron distribution, which packaging needs. */
  readonly folder: string;
  readonly version: string;
  /**
   * `named`: in `ELECTRON_OVERRIDE_DIST_PATH`. `package`: in the npm package. `stand-in`: an older
   * Electron.
   */
  readonly origin: 'named' | 'package' | 'stand-in';
}

/** Where the executable lies in an Electron distribution. */
export function executableIn(folder: string): string {
  if (process.platform === 'darwin') return join(folder, 'Electron.app/Contents/MacOS/Electron');
  return join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

export const STAND_IN_VERSION = '33.2.1';

export function standInFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), `electron-${STAND_IN_VERSION}`);
}

/** Folder of the installed npm package `electron`; null if packages for development are not installed. */
export function electronPackage(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

function at(folder: string, origin: Runtime['origin']): Runtime | null {
  const executable = executableIn(folder);
  if (!existsSync(executable)) return null;
  const file = join(folder, 'version');
  const version = existsSync(file)
    ? readFileSync(file, 'utf8').trim().replace(/^v/, '')
    : 'unknown';
  return { executable, folder, version, origin };
}

/**
 * If `ELECTRON_OVERRIDE_DIST_PATH` is set, the Electron in the folder that it names, or null if it has none.
 * Otherwise the npm package's Electron, or else the stand-in, or else null.
 */
export function findRuntime(env: NodeJS.ProcessEnv = process.env): Runtime | null {
  const named = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (named) return at(named, 'named');
  const installed = electronPackage();
  const own = installed === null ? null : at(join(installed, 'dist'), 'package');
  return own ?? at(standInFolder(env), 'stand-in');
}
