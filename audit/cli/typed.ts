/** What a person typed, and where, when npm runs the command line in the package's folder. Pure. */
import { dirname } from 'node:path';
import { quoted } from './terminal.ts';

/** Scripts of package.json that are this command line. */
const SCRIPTS: readonly (string | undefined)[] = ['overread', 'demo', 'start'];

type Environment = Readonly<Record<string, string | undefined>>;

function isOurs({ npm_package_name, npm_lifecycle_event }: Environment): boolean {
  return npm_package_name === 'overread' && SCRIPTS.includes(npm_lifecycle_event);
}

/**
 * The folder that relative paths mean when npm runs the command line, else null. A program that npm
 * has started (an editor, say) hands its variables on: they count in the package's folder alone,
 * which is where npm runs a script.
 */
export function typedIn(env: Environment, folder: string): string | null {
  const { INIT_CWD, npm_package_json } = env;
  const here = npm_package_json !== undefined && dirname(npm_package_json) === folder;
  return isOurs(env) && here ? (INIT_CWD ?? null) : null;
}

/** What to type for the next command: `overread`, or npm's script where that was used. */
export function commandTyped(env: Environment): string {
  const { INIT_CWD, npm_package_json } = env;
  if (!isOurs(env) || npm_package_json === undefined) return 'overread';
  const folder = dirname(npm_package_json);
  const prefix = INIT_CWD === folder ? '' : `--prefix ${quoted(folder)} `;
  return `npm ${prefix}run overread --`;
}
