/** Builds the interface into `dist/renderer`, unless the last build is newer than all its sources. */
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '..');
/**
 * The files and folders that the interface is built from. A folder's own time counts, too: it changes when
 * a file is removed.
 */
const SOURCES = ['renderer', 'audit/contract', 'trainer/messages.ts', 'package-lock.json'];

/**
 * Whether `built` exists and nothing in `sources` was changed after it.
 * @param {string} built
 * @param {readonly string[]} sources
 * @returns {boolean}
 */
export function isUpToDate(built, sources) {
  const at = statSync(built, { throwIfNoEntry: false })?.mtimeMs;
  if (at === undefined) return false;
  const older = (path) => {
    const found = statSync(path);
    if (found.mtimeMs > at) return false;
    return !found.isDirectory() || readdirSync(path).every((name) => older(join(path, name)));
  };
  return sources.every(older);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const built = join(ROOT, 'dist/renderer/index.html');
  const sources = SOURCES.map((path) => join(ROOT, path));
  if (!isUpToDate(built, sources)) {
    const { build } = await import('vite');
    const began = new Date();
    await build({ configFile: join(ROOT, 'renderer/vite.config.ts'), logLevel: 'warn' });
    // Dates the build back to its start, so that a source changed during the build counts as newer.
    utimesSync(built, began, began);
  }
}
