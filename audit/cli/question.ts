/** Asks a person in a terminal whether something may be done. */
import { createInterface } from 'node:readline/promises';
import type { Session } from './command.ts';

/** The person's answer; false without a terminal, and if the person presses Ctrl-C. */
export async function isAllowed(
  { interactive, signal }: Pick<Session, 'interactive' | 'signal'>,
  question: string,
): Promise<boolean> {
  if (!interactive || !process.stdin.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
  } catch {
    return false;
  } finally {
    lines.close();
  }
}
