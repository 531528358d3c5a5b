/** The progress of the review, loaded again when verdicts or labels change. */
import type { Insights, Left } from '../../audit/contract/api.ts';
import { client } from './api.ts';
import { session } from './session.svelte.ts';
import { soon } from './soon.ts';

const PAUSE_MS = 250;
/**
 * The counts and the estimate read every label of the project, and the server sends nothing else meanwhile.
 * These pauses let the queue and the first image be shown before them.
 */
const FIRST_PAUSE_MS = 1000;
const ESTIMATE_PAUSE_MS = 1500;

class Counts {
  cases = $state.raw<Insights['cases'] | null>(null);
  labels = $state.raw<Insights['labels'] | null>(null);
  /** The estimate of errors left; null until it is loaded, without scores, and without a verdict. */
  left = $state.raw<Left | null>(null);
  readonly #first = soon(FIRST_PAUSE_MS, () => this.#load());
  readonly #soon = soon(PAUSE_MS, () => this.#load());
  readonly #later = soon(ESTIMATE_PAUSE_MS, () => this.#estimate());

  /** Number of labels in which an error was found (`isErrorFound`); 0 until the first answer. */
  get found(): number {
    return this.labels?.found ?? 0;
  }

  /** Follows the open project. @returns a function that ends this */
  follow(): () => void {
    this.cases = null;
    this.labels = null;
    this.left = null;
    this.#first.ask();
    const stop = session.subscribe((event) => {
      if (event.type === 'reset' || event.type === 'changed') this.#soon.ask();
    });
    return () => {
      this.#first.stop();
      this.#soon.stop();
      this.#later.stop();
      stop();
    };
  }

  async #load(): Promise<void> {
    const counted = await client.insights({ per: 'case' }).catch(() => null);
    if (!counted) return;
    this.cases = counted.cases;
    this.labels = counted.labels;
    // Without a verdict there is nothing to estimate from.
    if (counted.labels.open < counted.labels.total) this.#later.ask();
    else this.left = null;
  }

  async #estimate(): Promise<void> {
    const estimated = await client.left().catch(() => null);
    if (estimated) this.left = estimated.left;
  }
}

export const counts = new Counts();
