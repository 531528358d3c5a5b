/** The data of the insights: counts of the whole review, and scores of one structure or all. */
import type { Insights, Left } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { session } from '../shared/session.svelte.ts';

const PAUSE_MS = 250;

export class InsightsView {
  data = $state.raw<Insights | null>(null);
  /** The estimate of errors left; null without a ranking. */
  left = $state.raw<Left | null>(null);
  problem = $state<string | null>(null);
  /** The structure that the histogram shows; null: all. */
  structure = $state<string | null>(null);
  /** What the histogram should show. If there are no expected dice, it shows scores in any case. */
  of = $state<'score' | 'expected'>('expected');
  /** Whether the ranking model was calibrated; null until known. */
  calibrated = $state<boolean | null>(null);
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

  showOf(of: 'score' | 'expected'): void {
    this.of = of;
    void this.load();
  }

  async load(): Promise<void> {
    const { structure } = this;
    const own = structure !== null && { structure };
    try {
      const [expected, { left }] = await Promise.all([
        client.insights({ per: 'label', of: 'expected' }),
        client.left(),
      ]);
      const calibrated = expected.histogram.counts.length > 0;
      const of = calibrated ? this.of : 'score';
      const data =
        of === 'expected' && !own ? expected : await client.insights({ per: 'label', of, ...own });
      if (structure !== this.structure) return;
      this.calibrated = calibrated;
      this.data = data;
      this.left = left;
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
  }
}
