/**
 * The data of the insights screen: counts of the whole review, the histogram of the scores of one structure
 * or of all, and the estimate of the errors left.
 */
import type { Insights, Left } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { session } from '../shared/session.svelte.ts';

const PAUSE_MS = 250;

export class InsightsView {
  data = $state.raw<Insights | null>(null);
  /** The estimate of the errors left; null until it is loaded, and if nothing was scored yet. */
  left = $state.raw<Left | null>(null);
  problem = $state<string | null>(null);
  /** The structure whose scores the histogram shows, or null for all structures. */
  structure = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  follow(): () => void {
    void this.load();
    const stop = session.subscribe((event) => {
      if (event.type !== 'reset' && event.type !== 'changed') return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.load(), PAUSE_MS);
    });
    return () => {
      clearTimeout(this.#timer);
      stop();
    };
  }

  show(structure: string | null): void {
    this.structure = structure;
    void this.load();
  }

  async load(): Promise<void> {
    const { structure } = this;
    const own = structure !== null && { structure };
    try {
      const [data, { left }] = await Promise.all([
        client.insights({ per: 'label', ...own }),
        client.left(),
      ]);
      if (structure !== this.structure) return;
      this.data = data;
      this.left = left;
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
  }
}
