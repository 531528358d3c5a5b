/**
 * Finds the built code of a thread. If this process runs from the sources, the thread's code is taken
 * from `dist/`.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors.ts';

const ROOT = new URL('../', import.meta.url).href;

/**
 * @param from `import.meta.url` of the module that starts the thread
 * @param name of the thread's built module, relative to `from`
 * @throws UserError when the sources were not built
 */
export function threadEntry(from: string, name: string): URL {
  const beside = new URL(name, from);
  const entry = from.endsWith('.ts')
    ? new URL(`dist/${beside.href.slice(ROOT.length)}`, ROOT)
    : beside;
  if (existsSync(entry)) return entry;
  throw new UserError(
    `The code of a thread is missing at ${fileURLToPath(entry)}: run "npm run build" first.`,
    { code: 'missing-build' },
  );
}
