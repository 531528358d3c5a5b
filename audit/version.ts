/** The version of this Overread, from its package.json. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** Seen from the sources as well as from `dist/`, which lies one folder deeper. */
export function version(): string {
  for (const up of ['../package.json', '../../package.json']) {
    const file = new URL(up, import.meta.url);
    if (!existsSync(file)) continue;
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  }
  return 'unknown';
}
