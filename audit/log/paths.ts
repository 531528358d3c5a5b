/** The switch for a log with full texts and paths; it is off unless the person asks for it. */
export const LOG_PATHS = '--log-paths';
const ASKED = 'OVERREAD_LOG_PATHS';

/** Sets the switch in `env` if the arguments ask for it; processes started later inherit it. */
export function heedLogPaths(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  if (argv.includes(LOG_PATHS)) env[ASKED] = '1';
}

export function logsPaths(env: NodeJS.ProcessEnv): boolean {
  return env[ASKED] === '1';
}
