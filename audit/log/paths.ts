/** Whether texts and paths are logged as they are: off, unless the person asks for it. */
export const LOG_PATHS = '--log-paths';
const ASKED = 'OVERREAD_LOG_PATHS';

/** Notes in `env`, for this process and those that it starts, what the arguments ask for. */
export function heedLogPaths(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  if (argv.includes(LOG_PATHS)) env[ASKED] = '1';
}

export function logsPaths(env: NodeJS.ProcessEnv): boolean {
  return env[ASKED] === '1';
}
