/** Finds the folders for files that belong to the person or the machine, not to one project. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The name of Overread's folder inside a folder that all applications share. */
const NAME = 'overread';

/**
 * The cache folder: files that are fetched or built once for each machine, and shared by all copies of
 * the sources. The variable `OVERREAD_CACHE` names it; else it lies in the platform's folder for caches.
 * It may not exist yet. An empty variable counts as not set (XDG base directory specification).
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (environment['OVERREAD_CACHE']) return environment['OVERREAD_CACHE'];
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), NAME);
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', NAME);
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), NAME);
}

/**
 * The configuration folder: settings, recent projects, the log. The variable `OVERREAD_CONFIG` names it;
 * else it lies in the platform's folder for configurations. It may not exist yet. An empty variable
 * counts as not set.
 */
export function configurationFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (environment['OVERREAD_CONFIG']) return environment['OVERREAD_CONFIG'];
  if (platform === 'win32') {
    return join(environment['APPDATA'] || join(homedir(), 'AppData', 'Roaming'), NAME);
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', NAME);
  return join(environment['XDG_CONFIG_HOME'] || join(homedir(), '.config'), NAME);
}
