/**
 * Sends strokes to the server. When a verdict is given or another case is opened, the server is asked to turn
 * the strokes into revisions.
 */
import pLimit from 'p-limit';
import type { LimitFunction } from 'p-limit';
import type { Client } from '../../audit/contract/client.ts';
import { counted } from '../../audit/contract/words.ts';
import type { Letter } from '../drawing/ink.svelte.ts';
import { sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import type { LoadedCase } from './library.ts';
import type { OpenCase } from './open-case.svelte.ts';
import { Outbox } from './outbox.svelte.ts';

export class Saving {
  readonly #client: Client;
  readonly #opened: OpenCase;
  readonly #lost: (letter: Letter) => void;
  readonly #outbox: Outbox;
  readonly #folding = new WeakMap<LoadedCase, LimitFunction>();

  /** @param lost called with a stroke that the server refused; its label is loaded again afterwards */
  constructor(client: Client, opened: OpenCase, lost: (letter: Letter) => void) {
    this.#client = client;
    this.#opened = opened;
    this.#lost = lost;
    this.#outbox = new Outbox(client, (letter, error) => void this.#refused(letter, error));
  }

  /** Number of strokes that are not on the server's disk yet. */
  get pending(): number {
    return this.#outbox.pending;
  }

  push(letter: Letter): void {
    this.#outbox.push(letter);
  }

  /** Whether a stroke of the label is not saved yet. */
  waits(caseId: string, structure: string): boolean {
    return this.#outbox.waits(caseId, structure);
  }

  /** Resolves when every stroke is on the server's disk, or was refused. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  /** Sends waiting strokes at once, because the server can be reached again. */
  retry(): void {
    this.#outbox.retry();
  }

  /**
   * Turns the strokes in the case on the stage into revisions.
   * @param reason why they are made, for the history
   * @returns whether a revision was made
   * @throws errors of the client
   */
  async fold(reason: string): Promise<boolean> {
    const { loaded } = this.#opened;
    return loaded ? this.#fold(loaded, reason) : false;
  }

  /** Turns the strokes in a case into revisions in the background, when another case is opened. */
  leave(loaded: LoadedCase): void {
    if (loaded.labels.some(({ strokes }) => strokes > 0)) {
      this.#fold(loaded, 'edit').catch((error: unknown) => notices.error(sentenceOf(error)));
    }
    for (const label of loaded.labels) {
      label.saved = null;
      if (label.strokes === 0) label.rebase();
    }
  }

  /** Reports a refused stroke and drops the label's later strokes, which were drawn on top of it. */
  async #refused(letter: Letter, error: unknown): Promise<void> {
    const { id, structure } = letter;
    const lost = 1 + this.#outbox.drop(id, structure);
    const strokes = counted(lost, 'stroke');
    notices.error(`${strokes} on ${structure} of ${id} could not be saved. ${sentenceOf(error)}`);
    this.#lost(letter);
    await this.#opened.revert(id, structure);
  }

  /** Makes revisions, one call at a time for a case: a verdict and leaving the case may overlap. */
  #fold(loaded: LoadedCase, reason: string): Promise<boolean> {
    const queue = this.#folding.get(loaded) ?? pLimit(1);
    this.#folding.set(loaded, queue);
    return queue(() => this.#foldNow(loaded, reason));
  }

  async #foldNow(loaded: LoadedCase, reason: string): Promise<boolean> {
    await this.#outbox.flush();
    const id = loaded.detail.case.id;
    let made = false;
    for (const label of loaded.labels) {
      const drawn = label.strokes;
      if (drawn === 0) continue;
      const name = label.structure.name;
      const { revision, changed } = await this.#client.foldStrokes(id, name, reason);
      label.strokes -= drawn;
      label.imported = !changed;
      label.rebase();
      if (!revision) continue;
      made ||= revision.number !== label.revision;
      label.hash = revision.mask;
      label.revision = revision.number;
      label.older = null;
    }
    return made;
  }
}
