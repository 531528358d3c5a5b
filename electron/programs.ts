/**
 * Runs the trainer and the scorer, each in a utility process of its own, so that a crash of one ends
 * nothing else. The main process starts and kills them; only the audit process exchanges messages with
 * them.
 */
import { fileURLToPath } from 'node:url';
import { MessageChannelMain, utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';
import type { ProgramName } from '../audit/processes/host.ts';
import { SWITCHES, Tail, programEnvironment } from '../audit/processes/program.ts';
import type { ToAudit } from './messages.ts';

const ENTRIES: Readonly<Record<ProgramName, string>> = {
  trainer: fileURLToPath(new URL('../trainer/main.js', import.meta.url)),
  scorer: fileURLToPath(new URL('../audit/scoring/process.js', import.meta.url)),
};

type Post = (message: ToAudit, ports?: Electron.MessagePortMain[]) => void;

export class Programs {
  readonly #post: Post;
  readonly #running = new Map<number, UtilityProcess>();

  constructor(post: Post) {
    this.#post = post;
  }

  start(id: number, program: ProgramName): void {
    const child = utilityProcess.fork(ENTRIES[program], [], {
      serviceName: `Overread ${program}`,
      stdio: 'pipe',
      env: programEnvironment(),
      execArgv: SWITCHES,
    });
    this.#running.set(id, child);
    const { port1, port2 } = new MessageChannelMain();
    const tail = new Tail();
    tail.follow(child.stdout, child.stderr);
    child.once('spawn', () => {
      child.postMessage(null, [port1]);
      this.#post({ type: 'program-started', id, pid: child.pid ?? -1 }, [port2]);
    });
    child.once('exit', (code) => {
      this.#running.delete(id);
      this.#post({ type: 'program-ended', id, code, tail: tail.text });
    });
  }

  kill(id: number): void {
    const pid = this.#running.get(id)?.pid;
    // Electron's own `kill` only asks a process to end, and a busy program may not react.
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }

  /** Kills all programs, after the audit process has ended. */
  killAll(): void {
    for (const id of this.#running.keys()) this.kill(id);
  }
}
