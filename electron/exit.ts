/** Translates the exit status that Electron reports for a process into the audit's `Exit`. */
import type { Exit } from '../audit/processes/host.ts';

const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/**
 * @param status on Windows an exit code; elsewhere a wait status, with a signal in the low seven bits or an
 *   exit code in the next eight; null if it is unknown
 */
export function exitOf(
  status: number | null,
  tail: string,
  platform: NodeJS.Platform = process.platform,
): Exit {
  const ended = { tail, problem: null };
  if (status === null || platform === 'win32') return { ...ended, code: status, signal: null };
  const signal = SIGNALS[status & 0x7f];
  if (signal !== undefined) return { ...ended, code: null, signal };
  return { ...ended, code: status >= 256 ? status >> 8 : status, signal: null };
}
