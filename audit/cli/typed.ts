/** Finds out where and how a person typed a command, also if npm runs the command line. Pure. */
import { dirname } from 'node:path';
import { quoted } from './terminal.ts';

/** Scripts of package.json that run this command line. */
const SCRIPTS: readonly (string | undefined)[] = ['overread', 'demo', 'start'];

type Environment = Readonly<Record<string, string | undefined>>;

function isOurs({ npm_package_name, npm_lifecycle_event }: Environment): boolean {
  return npm_package_name === 'overread' && SCRIPTS.includes(npm_lifecycle_event);
}

/**
 * The folder that relative paths start from if npm runs the command line, else null. Programs that npm
 * starts, such as an editor, inherit npm's variables. So the variables count only in the package's
 * folder, where npm runs scripts.
 */
export function typedIn(env: Environment, folder: string): string | null {
  const { INIT_CWD, npm_package_json } = env;
  const here = npm_package_json !== undefined && dirname(npm_package_json) === folder;
  return isOurs(env) && here ? (INIT_CWD ?? null) : null;
}

/** How a person types the next command: `overread`, or `npm run overread --` if npm runs this command. */
export function commandTyped(env: Environment): string {
  const { INIT_CWD, npm_package_json } = env;
  if (!isOurs(env) || npm_package_json === undefined) return 'overread';
  const folder = dirname(npm_package_json);
  const prefix = INIT_CWD === folder ? '' : `--prefix ${quoted(folder)} `;
  return `npm ${prefix}run overread --`;
}
