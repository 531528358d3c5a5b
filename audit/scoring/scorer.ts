/**
 * Starts the scorer's process and gives it one chunk of cases after the other. The networks run native
 * code: a crash there ends only the scorer's process.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Interrupted, UserError } from '../errors.ts';
import { crashSentence } from '../processes/crash.ts';
import { forkHost } from '../processes/fork.ts';
import { processHost } from '../processes/host.ts';
import type { Exit, RunningProgram } from '../processes/host.ts';
import type { ModelShape } from './networks.ts';
import type {
  CaseTask,
  ChunkResult,
  FromScorer,
  PlantedScore,
  ToScorer,
  WorkerSetup,
} from './types.ts';

/** The path of the built program, whether this file runs from `dist/` or from the sources. */
function scorerEntry(): string {
  const built = import.meta.url.endsWith('.ts')
    ? new URL('../../dist/audit/scoring/process.js', import.meta.url)
    : new URL('./process.js', import.meta.url);
  const path = fileURLToPath(built);
  if (!existsSync(path)) {
    throw new UserError(`The scoring program is missing at ${path}: run "npm run build" first.`, {
      code: 'missing-build',
    });
  }
  return path;
}

export interface ScorerOptions {
  readonly threads: number;
  readonly signal?: AbortSignal;
}

/** Settles the call in progress: `open`, `score` or `plant`. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Scorer {
  /** The size and the structures of the networks' input; 0 × 0 until the networks are open. */
  shape: ModelShape = { width: 0, height: 0, structures: [] };
  readonly #program: RunningProgram;
  readonly #signal: AbortSignal | undefined;
  readonly #ended: Promise<void>;
  #waiting: Waiting | null = null;
  #chunks: Iterator<readonly CaseTask[]> = [].values();
  #onResult: (result: ChunkResult) => void = () => undefined;
  #onPlanting: (done: number, total: number) => void = () => undefined;
  #planted: readonly PlantedScore[] = [];

  private constructor(options: ScorerOptions) {
    this.#signal = options.signal;
    let ended = (): void => undefined;
    this.#ended = new Promise((resolve) => (ended = resolve));
    this.#program = processHost(forkHost).start('scorer', scorerEntry(), {
      onMessage: (message) => this.#take(message as FromScorer),
      onExit: (exit) => {
        this.#crashed(exit);
        ended();
      },
    });
  }

  /**
   * Starts the process and opens the networks in it.
   * @throws UserError when a file is not a network of its kind, or the two do not belong together;
   * Interrupted when the process crashes; AbortError
   */
  static async open(setup: WorkerSetup, options: ScorerOptions): Promise<Scorer> {
    options.signal?.throwIfAborted();
    const scorer = new Scorer(options);
    try {
      await scorer.#wait(() => scorer.#send({ type: 'open', setup, threads: options.threads }));
      return scorer;
    } catch (error) {
      await scorer.close();
      throw error;
    }
  }

  /**
   * Scores all chunks; a scorer does this once. A chunk is taken from `chunks` when a thread is free.
   * @throws the first failure, Interrupted when the process ends, or AbortError
   */
  score(
    chunks: Iterator<readonly CaseTask[]>,
    onResult: (result: ChunkResult) => void,
  ): Promise<void> {
    this.#chunks = chunks;
    this.#onResult = onResult;
    return this.#wait(() => this.#send({ type: 'score' }));
  }

  /**
   * Plants errors on trusted labels.
   * @param samples path of the sample set
   * @param trusted keys (`labelKey`) of the labels
   * @throws as `score`
   */
  async plant(
    samples: string,
    trusted: ReadonlySet<string>,
    onProgress: (done: number, total: number) => void,
  ): Promise<readonly PlantedScore[]> {
    this.#onPlanting = onProgress;
    await this.#wait(() => this.#send({ type: 'plant', samples, trusted: [...trusted] }));
    return this.#planted;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#program.kill();
    await this.#ended;
  }

  #send(message: ToScorer): void {
    this.#program.send(message);
  }

  async #wait(begin: () => void): Promise<void> {
    const signal = this.#signal;
    signal?.throwIfAborted();
    const abort = (): void => this.#waiting?.reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        begin();
      });
    } finally {
      this.#waiting = null;
      signal?.removeEventListener('abort', abort);
    }
  }

  #take(message: FromScorer): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    try {
      switch (message.type) {
        case 'opened': {
          const { width, height, structures } = message;
          this.shape = { width, height, structures };
          return waiting.resolve();
        }
        case 'want': {
          const next = this.#chunks.next();
          return this.#send({ type: 'chunk', tasks: next.done === true ? null : next.value });
        }
        case 'scored':
          return this.#onResult(message.result);
        case 'planting':
          return this.#onPlanting(message.done, message.total);
        case 'planted':
          this.#planted = message.planted;
          return;
        case 'done':
          return waiting.resolve();
        case 'failed': {
          const { message: text, user } = message;
          return waiting.reject(user ? new UserError(text) : new Error(`scoring failed: ${text}`));
        }
      }
    } catch (error) {
      // A callback of the caller threw: the project cannot be read or written any more.
      waiting.reject(error);
    }
  }

  #crashed(exit: Exit): void {
    const sentence = crashSentence('The scoring', exit);
    this.#waiting?.reject(new Interrupted(`${sentence} What it scored is kept.`));
  }
}
