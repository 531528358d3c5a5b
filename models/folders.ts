/** Where files live that belong to the person or the machine rather than to one project. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder's name inside a folder that all applications share. */
const NAME = 'overread';

/**
 * The folder of what is fetched or built once per machine, shared by checkouts: `OVERREAD_CACHE`, or
 * the platform's own place for caches. It may not exist yet. A variable that is empty counts as not
 * set, as the XDG base directory specification asks.
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
 * The folder of settings and of recent projects: `OVERREAD_CONFIG`, or the platform's own place for
 * an application's configuration. It may not exist yet; an empty variable counts as not set.
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
