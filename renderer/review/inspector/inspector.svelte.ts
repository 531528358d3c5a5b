/**
 * Data of the inspector that the case's details do not hold: histograms of scores, and a label's revisions.
 */
import { titled } from '../../../audit/contract/words.ts';
import type { Insights, RevisionInfo } from '../../../audit/contract/api.ts';
import type { Client } from '../../../audit/contract/client.ts';
import type { ServerEvent } from '../../../audit/contract/events.ts';

type Histogram = Insights['histogram'];

interface Cohort {
  readonly histogram: Histogram;
  /** Number of ranked cases; in the cohort of a structure, number of ranked labels of all structures. */
  readonly ranked: number;
}

const sumOf = ({ counts }: Histogram): number => counts.reduce((sum, each) => sum + each, 0);

export class Inspector {
  /** The values in the histogram, of all cases or of one structure's labels; null until they are loaded. */
  cohort = $state.raw<Cohort | null>(null);
  /** The revisions of the active label, newest first; null until they are loaded. */
  revisions = $state.raw<readonly RevisionInfo[] | null>(null);
  readonly #client: Pick<Client, 'insights' | 'revisions'>;
  readonly #cohorts = new Map<string, Cohort>();
  #structure: string | null = null;
  #label: { id: string; structure: string } | null = null;

  constructor(client: Pick<Client, 'insights' | 'revisions'>) {
    this.#client = client;
  }

  /** Shows the scores of all cases (`structure` is null), or of the labels of a structure. */
  async compareWith(structure: string | null): Promise<void> {
    this.#structure = structure;
    const key = structure ?? '';
    const kept = this.#cohorts.get(key);
    if (kept) {
      this.cohort = kept;
      return;
    }
    const per = structure === null ? 'case' : 'label';
    const [all, own] = await Promise.all([
      this.#client.insights({ per }),
      structure === null ? null : this.#client.insights({ per, structure }),
    ]);
    const cohort = { histogram: (own ?? all).histogram, ranked: sumOf(all.histogram) };
    this.#cohorts.set(key, cohort);
    if (this.#structure === structure) this.cohort = cohort;
  }

  /** Shows the revisions of a label. Of several calls only the newest has an effect. */
  async follow(id: string, structure: string): Promise<void> {
    const label = { id, structure };
    if (this.#label?.id !== id || this.#label.structure !== structure) this.revisions = null;
    this.#label = label;
    const { revisions } = await this.#client.revisions(id, structure);
    if (this.#label !== label) return;
    this.revisions = [...revisions].sort((a, b) => b.number - a.number);
  }

  /** Loads the data again that an event of the server may have changed. */
  async take(event: ServerEvent): Promise<void> {
    if (event.type !== 'changed' && event.type !== 'reset') return;
    const what = event.type === 'reset' ? 'project' : event.what;
    if (['scores', 'runs', 'project'].includes(what)) {
      this.#cohorts.clear();
      await this.compareWith(this.#structure);
    }
    const label = this.#label;
    const concerns =
      event.type === 'reset' || !event.cases || (label && event.cases.includes(label.id));
    if (label && concerns && (what === 'labels' || what === 'project')) {
      await this.follow(label.id, label.structure);
    }
  }
}

/** Why a revision was made, in words for a person. */
export function reasonOf(revision: Pick<RevisionInfo, 'number' | 'reason' | 'mask'>): string {
  if (revision.mask === null) return 'Removed';
  const words: Readonly<Record<string, string>> = {
    import: 'Imported',
    edit: 'Drawn, no verdict',
    stroke: 'Drawn',
    replace: 'Replaced from a file',
    restore: 'Restored',
  };
  return titled(words[revision.reason] ?? revision.reason);
}
