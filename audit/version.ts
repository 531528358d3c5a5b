/** Overread's version, from its `package.json`. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The version, or `unknown` if there is no `package.json` above the sources or above `dist/`. */
export function version(): string {
  for (const up of ['../package.json', '../../package.json']) {
    const file = new URL(up, import.meta.url);
    if (!existsSync(file)) continue;
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  }
  return 'unknown';
}
