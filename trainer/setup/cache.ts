/** Where things that are fetched or built once per machine live, shared by checkouts. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The cache folder (it may not exist yet): `OVERREAD_CACHE`, or the platform's own place for caches.
 */
export function cacheFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (environment['OVERREAD_CACHE']) return environment['OVERREAD_CACHE'];
  if (platform === 'win32') {
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'overread');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'overread');
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'overread');
}
