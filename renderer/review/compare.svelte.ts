/** The well-labelled case that is shown beside the one on the stage. */
import type { SimilarCase } from '../../audit/contract/api.ts';
import type { Client } from '../../audit/contract/client.ts';
import { isAbort, sentenceOf } from '../shared/api.ts';

export class Compare {
  on = $state(false);
  /**
   * The server's newest answer: a similar case, or why there is none. Null before the first answer and after
   * a failure.
   */
  found = $state.raw<SimilarCase | null>(null);
  problem = $state<string | null>(null);
  readonly #client: Pick<Client, 'similar'>;
  readonly #open: (caseId: string) => unknown;
  #of: string | null = null;
  #end = new AbortController();

  /** @param open puts a case on the second stage */
  constructor(client: Pick<Client, 'similar'>, open: (caseId: string) => unknown) {
    this.#client = client;
    this.#open = open;
  }

  /** Finds a case that looks like `caseId` and shows it. Of several calls only the newest has an effect. */
  async beside(caseId: string): Promise<void> {
    if (this.#of === caseId) return;
    this.#of = caseId;
    this.#end.abort();
    const end = new AbortController();
    this.#end = end;
    this.problem = null;
    try {
      const found = await this.#client.similar(caseId, end.signal);
      if (end.signal.aborted) return;
      this.found = found;
      if (found.case !== null) this.#open(found.case);
    } catch (error) {
      if (isAbort(error) || end.signal.aborted) return;
      this.problem = sentenceOf(error);
      this.found = null;
      this.#of = null;
    }
  }
}
