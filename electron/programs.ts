/**
 * The trainer and the scorer, each in a utility process of its own, started for the audit's process,
 * which alone talks to them: a crash of one ends nothing else.
 */
import { fileURLToPath } from 'node:url';
import { MessageChannelMain, utilityProcess } from 'electron';
import type { UtilityProcess } from 'electron';
import type { ProgramName } from '../audit/processes/host.ts';
import type { ToAudit } from './messages.ts';

const ENTRIES: Readonly<Record<ProgramName, string>> = {
  trainer: fileURLToPath(new URL('../trainer/main.js', import.meta.url)),
  scorer: fileURLToPath(new URL('../audit/scoring/process.js', import.meta.url)),
};
/** What is kept of the end of its output, for the sentence about a crash. */
const TAIL = 4000;

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
      env: { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...process.env },
      execArgv: ['--enable-source-maps'],
    });
    this.#running.set(id, child);
    const { port1, port2 } = new MessageChannelMain();
    let tail = '';
    const keep = (chunk: Buffer): void => {
      tail = (tail + chunk.toString('utf8')).slice(-TAIL);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('spawn', () => {
      child.postMessage(null, [port1]);
      this.#post({ type: 'program-started', id, pid: child.pid ?? -1 }, [port2]);
    });
    child.once('exit', (code) => {
      this.#running.delete(id);
      this.#post({ type: 'program-ended', id, code, tail });
    });
  }

  kill(id: number): void {
    const pid = this.#running.get(id)?.pid;
    // Its own way of ending asks first; what is killed here does not answer any more.
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }

  /** The process that they work for is gone. */
  killAll(): void {
    for (const id of this.#running.keys()) this.kill(id);
  }
}
