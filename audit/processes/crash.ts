/** The message about a program that ended unexpectedly. */
import type { Exit } from './host.ts';

/** Log lines of TensorFlow: `I0000 00:00:1795415058.708569 29604 port.cc:153] …`. */
const NATIVE_LOG = /^[IWE]\d{4} \d\d:\d\d/;

/** The last line that names an error in a program's output, else the last line that is no stack trace. */
function lastMessage(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const said = lines.filter(
    (line) => !/^(?:$|at |[{}^]|Node\.js v|code: )/.test(line) && !NATIVE_LOG.test(line),
  );
  return (
    said.findLast((line) => /^(?:\w*Error|terminate called)\b/.test(line)) ?? said.at(-1) ?? ''
  );
}

/** Why a program ended, in one sentence. @param who for example `The trainer` */
export function crashSentence(who: string, { code, signal, tail, problem }: Exit): string {
  if (problem !== null) return `${who} could not be started: ${problem}.`;
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  const hint = signal === 'SIGKILL' ? ' (killed, or out of memory)' : '';
  const said = lastMessage(tail);
  const quote = said === '' ? '' : `; its last output: ${said.slice(0, 300)}`;
  return `${who} ended unexpectedly ${how}${hint}${quote}.`;
}
