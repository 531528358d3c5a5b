/** One run in detail, live or ended: its epochs, and the scores and weights of single cases. */
import type { EpochMetrics, RunSeries } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { session } from '../shared/session.svelte.ts';
import { withEpoch } from './curves.ts';

/** Number of the least trusted cases, and of the most trusted ones, in the chart. */
const CASES = 5;
const PAUSE_MS = 400;

export class RunWatch {
  readonly id: string;
  epochs = $state.raw<readonly EpochMetrics[]>([]);
  series = $state.raw<RunSeries | null>(null);
  loaded = $state(false);
  problem = $state<string | null>(null);
  /** The fold or pair that is shown; null for a training that has neither. */
  fold = $state<number | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param fold the fold or pair that is shown first; null if the run has neither */
  constructor(id: string, fold: number | null) {
    this.id = id;
    this.fold = fold;
  }

  follow(): () => void {
    void this.load();
    const stop = session.subscribe((event) => {
      if (event.type === 'reset') void this.load();
      if (event.type !== 'run' || event.run !== this.id) return;
      if (event.message.type !== 'epoch') return;
      if (event.fold !== this.fold) {
        // A later fold or pair than the shown one trains now: shows it.
        if (event.fold !== null && this.fold !== null && event.fold > this.fold)
          this.show(event.fold);
        return;
      }
      this.epochs = withEpoch(this.epochs, event.message.metrics);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#loadSeries(), PAUSE_MS);
    });
    return () => {
      clearTimeout(this.#timer);
      stop();
    };
  }

  show(fold: number): void {
    this.fold = fold;
    this.epochs = [];
    this.series = null;
    void this.load();
  }

  async load(): Promise<void> {
    const { fold } = this;
    try {
      const { epochs } = await client.metrics(this.id, 0, fold ?? undefined);
      if (fold !== this.fold) return;
      this.epochs = epochs;
      await this.#loadSeries();
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
    this.loaded = true;
  }

  async #loadSeries(): Promise<void> {
    const { fold } = this;
    const query = { count: CASES, ...(fold !== null && { fold }) };
    const series = await client.series(this.id, query).catch(() => null);
    if (fold === this.fold && series) this.series = series;
  }
}
