/** The changes of rank between two runs, loaded again after every change of the project. */
import type { Moved } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { session } from '../shared/session.svelte.ts';

const TOP = 20;
const PAUSE_MS = 250;

export class MovedView {
  readonly run: string;
  moved = $state.raw<Moved | null>(null);
  problem = $state<string | null>(null);
  /** The run to compare with; null for the run before `run`, which the server chooses (`previousModel`). */
  against = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(run: string, against: string | null) {
    this.run = run;
    this.against = against;
  }

  follow(): () => void {
    void this.load();
    const stop = session.subscribe((event) => {
      const concerns =
        event.type === 'reset' || (event.type === 'changed' && event.what !== 'settings');
      if (!concerns) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.load(), PAUSE_MS);
    });
    return () => {
      clearTimeout(this.#timer);
      stop();
    };
  }

  compareWith(against: string): void {
    this.against = against;
    void this.load();
  }

  async load(): Promise<void> {
    const { against } = this;
    try {
      const query = { top: TOP, ...(against !== null && { against }) };
      const moved = await client.moved(this.run, query);
      if (against !== this.against) return;
      this.moved = moved;
      this.problem = null;
    } catch (error) {
      this.moved = null;
      this.problem = sentenceOf(error);
    }
  }
}
