/**
 * Sends strokes to the server in order, one at a time, and tries again while the server cannot be reached.
 * A stroke leaves the queue when it is stored or refused; a refusal is reported.
 */
import { ApiFailure } from '../../audit/contract/client.ts';
import type { Client } from '../../audit/contract/client.ts';
import type { StrokeInfo, StrokeRequest } from '../../audit/contract/api.ts';
import type { Edit } from '../drawing/edits.ts';
import type { Letter } from '../drawing/ink.svelte.ts';

const PAUSES_MS = [300, 600, 1200, 2500, 5000];

/** Encodes as base64, in chunks, because `fromCharCode` takes a limited number of arguments. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

export const strokeOf = ({ rect, before, after }: Edit): StrokeRequest => ({
  ...rect,
  before: base64(before),
  after: base64(after),
});

const isSame = (a: StrokeRequest, b: StrokeInfo | undefined): boolean =>
  b !== undefined &&
  a.x === b.x &&
  a.y === b.y &&
  a.width === b.width &&
  a.height === b.height &&
  a.before === b.before &&
  a.after === b.after;

/** Whether sending again may help: the server did not answer, or failed with an internal error. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiFailure ? error.code === 'internal' : true;

export class Outbox {
  /** Number of strokes that are not on the server's disk yet. */
  pending = $state(0);
  readonly #client: Client;
  readonly #refused: (letter: Letter, error: unknown) => void;
  readonly #pause: (ms: number) => Promise<void>;
  #queue: Letter[] = [];
  #sending: Promise<void> | null = null;
  #wake: () => void = () => undefined;

  /**
   * @param refused called with each stroke that the server refuses, and the reason
   * @param pause waits for some milliseconds; tests replace it
   */
  constructor(
    client: Client,
    refused: (letter: Letter, error: unknown) => void,
    pause: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {
    this.#client = client;
    this.#refused = refused;
    this.#pause = pause;
  }

  push(letter: Letter): void {
    this.#queue.push(letter);
    this.pending = this.#queue.length;
    this.#sending ??= this.#send().finally(() => (this.#sending = null));
  }

  /** Whether a stroke of the label is not stored yet. */
  waits(id: string, structure: string): boolean {
    return this.#queue.some((letter) => letter.id === id && letter.structure === structure);
  }

  /** Resolves when every stroke is stored or refused. */
  async flush(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  /** Ends the pause before the next try. */
  retry(): void {
    this.#wake();
  }

  /** Removes the strokes of a label from the queue. @returns how many it removed */
  drop(id: string, structure: string): number {
    const before = this.#queue.length;
    this.#queue = this.#queue.filter((l) => l.id !== id || l.structure !== structure);
    this.pending = this.#queue.length;
    return before - this.#queue.length;
  }

  async #send(): Promise<void> {
    for (let tried = 0; this.#queue.length > 0;) {
      const letter = this.#queue[0];
      try {
        await this.#deliver(letter, tried > 0);
        tried = 0;
      } catch (error) {
        if (isPassing(error)) {
          const woken = new Promise<void>((done) => (this.#wake = done));
          await Promise.race([
            this.#pause(PAUSES_MS[Math.min(tried, PAUSES_MS.length - 1)]),
            woken,
          ]);
          tried += 1;
          continue;
        }
        tried = 0;
        this.#remove(letter);
        this.#refused(letter, error);
        continue;
      }
      this.#remove(letter);
    }
  }

  #remove(letter: Letter): void {
    this.#queue = this.#queue.filter((other) => other !== letter);
    this.pending = this.#queue.length;
  }

  async #deliver({ id, structure, edit }: Letter, again: boolean): Promise<void> {
    const stroke = strokeOf(edit);
    if (again) {
      // The last try may have stored the stroke and lost only the server's answer.
      const { strokes } = await this.#client.strokes(id, structure);
      if (isSame(stroke, strokes.at(-1))) return;
    }
    await this.#client.appendStroke(id, structure, stroke);
  }
}
