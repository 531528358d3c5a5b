/** Where the code of a thread lies: threads run built code, from the sources that of the build beside them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors.ts';

const ROOT = new URL('../', import.meta.url).href;

/**
 * @param from the module that starts the thread, its `import.meta.url`
 * @param name of the built module, relative to it
 * @throws UserError when the sources were not built.
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
