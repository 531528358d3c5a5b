/** Loads proposals, quality maps and previous revisions of a case when they are first shown. */
import { ApiFailure } from '../../audit/contract/client.ts';
import type { Client, QualityMap } from '../../audit/contract/client.ts';
import { sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { planeOf } from '../drawing/label.svelte.ts';
import type { Label } from '../drawing/label.svelte.ts';
import type { LoadedCase } from './library.ts';
import type { Layers } from './types.ts';

/** The case on the stage, or null, and the run whose networks' output is loaded. */
interface Scope {
  readonly loaded: LoadedCase | null;
  readonly run: string | undefined;
}

export class LayerData {
  quality = $state.raw<QualityMap | null>(null);
  readonly #client: Client;
  readonly #scope: () => Scope;
  readonly #grown: (id: string) => void;
  readonly #asked = new Map<string, Promise<void>>();

  /** @param grown called with the id of a case that takes more memory now */
  constructor(client: Client, scope: () => Scope, grown: (id: string) => void) {
    this.#client = client;
    this.#scope = scope;
    this.#grown = grown;
  }

  /** Loads the data of the layers that are on. */
  async load({ proposal, difference, quality, previous }: Layers): Promise<void> {
    const labels = this.#scope().loaded?.labels ?? [];
    const work: Promise<void>[] = [];
    if (proposal || difference) work.push(...labels.map((label) => this.model(label)));
    if (previous) work.push(...labels.map((label) => this.#older(label)));
    if (quality && !this.quality) work.push(this.#map());
    await Promise.all(work);
  }

  /** Loads the model's proposal for a label of the case on the stage into `label.model`. */
  model(label: Label): Promise<void> {
    const name = label.structure.name;
    if (label.model) return Promise.resolve();
    return this.#once(`model ${name}`, async ({ detail }, options) => {
      if (!detail.proposal) return;
      const { data, width, height } = await this.#client.proposal(detail.case.id, name, options);
      label.model = planeOf(data, width, height);
    });
  }

  /** Drops a case's proposals and quality map, because another model ranks now. */
  forget(loaded: LoadedCase): void {
    for (const label of loaded.labels) label.model = null;
    loaded.quality = null;
    if (this.#scope().loaded === loaded) this.quality = null;
  }

  /**
   * Loads a label's previous mask: the newest revision if strokes follow it, else the revision before it.
   * Null if there is no such revision.
   */
  #older(label: Label): Promise<void> {
    const name = label.structure.name;
    const revision = label.strokes > 0 ? label.revision : label.revision - 1;
    if (revision < 1) {
      label.older = null;
      return Promise.resolve();
    }
    return this.#once(`revision ${name} ${revision}`, async ({ detail }) => {
      const { data, width, height } = await this.#client.mask(detail.case.id, name, { revision });
      label.older = planeOf(data, width, height);
    });
  }

  #map(): Promise<void> {
    return this.#once('quality', async (loaded, options) => {
      if (!loaded.detail.quality) return;
      loaded.quality = await this.#client.quality(loaded.detail.case.id, options);
      if (this.#scope().loaded === loaded) this.quality = loaded.quality;
    });
  }

  /**
   * Sends a request for the case on the stage, unless the same request is running. If the server has no such
   * data, nothing happens; other failures show a notice.
   */
  #once(
    key: string,
    ask: (loaded: LoadedCase, options: { run?: string }) => Promise<void>,
  ): Promise<void> {
    const { loaded, run } = this.#scope();
    if (!loaded) return Promise.resolve();
    const id = loaded.detail.case.id;
    const full = `${id}\n${key}`;
    const running = this.#asked.get(full);
    if (running) return running;
    const asked = ask(loaded, { ...(run !== undefined && { run }) })
      .catch((error: unknown) => {
        const none = error instanceof ApiFailure && error.code === 'not-found';
        if (!none && this.#scope().loaded === loaded) notices.error(sentenceOf(error));
      })
      .finally(() => {
        this.#asked.delete(full);
        this.#grown(id);
      });
    this.#asked.set(full, asked);
    return asked;
  }
}
