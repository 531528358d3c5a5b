/** Runs another program, never through a shell. */
import { spawn } from 'node:child_process';

export interface Finished {
  /** Exit status, or null when the program could not be started or was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Only this many characters of each stream are kept: the last ones, which say what went wrong. */
const KEPT = 4 * 1024 * 1024;

/** Runs the program `command[0]` with the rest of `command` as arguments. Rejects only when aborted. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { promise, resolve, reject } = withResolvers<Finished>();
  const [program, ...args] = command;
  const output = { stdout: '', stderr: '' };
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] = (output[name] + text).slice(-KEPT);
    });
  }
  child.on('error', (error) => {
    if (error.name === 'AbortError') reject(error);
    else resolve({ status: null, stdout: output.stdout, stderr: error.message });
  });
  child.on('close', (status) => resolve({ status, ...output }));
  return promise;
}

/** The first of `candidates` that ends with status 0 when it gets `arguments_`, or null if none does. */
export async function firstThatRuns(
  candidates: readonly (readonly string[])[],
  arguments_: readonly string[],
): Promise<readonly string[] | null> {
  for (const candidate of candidates) {
    if ((await run([...candidate, ...arguments_])).status === 0) return candidate;
  }
  return null;
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
