/** Runs a command in the test's own process, as if in a terminal. */
import { runProgram } from '../../../audit/cli/command.ts';
import type { Session } from '../../../audit/cli/command.ts';
import { createProgram } from '../../../audit/cli/program.ts';
import { createTerminal } from '../../../audit/cli/terminal.ts';

export interface Written {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** @returns the exit code, and what the command wrote to standard output and standard error */
export async function runHere(...argv: string[]): Promise<Written> {
  const written = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({
    isTTY: true,
    write: (text: string) => (written[name] += text),
  });
  const session: Session = {
    terminal: createTerminal(sink('out'), sink('err'), { quiet: true }),
    signal: new AbortController().signal,
    env: { OVERREAD_AUTHOR: 'Ada' },
    interactive: true,
  };
  const code = await runProgram(await createProgram(session, argv), argv, session);
  return { code, ...written };
}
