/** The sentence about a program that ended without a word. */
import type { Exit } from './host.ts';

/** The last line of what a process wrote that says something. */
function lastLine(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('at ')).at(-1) ?? '';
}

/** @param who for example `The trainer` */
export function crashSentence(who: string, { code, signal, tail, problem }: Exit): string {
  if (problem !== null) return `${who} could not be started: ${problem}.`;
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  const hint = signal === 'SIGKILL' ? ' (killed, or out of memory)' : '';
  const said = lastLine(tail);
  const quote = said === '' ? '' : `; its last words: ${said.slice(0, 300)}`;
  return `${who} ended unexpectedly ${how}${hint}${quote}.`;
}
