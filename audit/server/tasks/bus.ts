/**
 * The event bus: whatever happens is published once, numbered, kept in a bounded buffer and given
 * to every listener. A client that was away goes on from the last id it saw.
 */
import { randomBytes } from 'node:crypto';
import type { ServerEvent } from '../../contract/events.ts';

export interface NumberedEvent {
  /** `<this process>-<number>`: ids of an earlier process are known to be gone. */
  readonly id: string;
  readonly event: ServerEvent;
}

type Listener = (event: NumberedEvent) => void;

export class EventBus {
  readonly #name = randomBytes(6).toString('hex');
  readonly #capacity: number;
  readonly #buffer: NumberedEvent[] = [];
  readonly #listeners = new Set<Listener>();
  #count = 0;

  constructor(capacity = 1000) {
    this.#capacity = capacity;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  publish(event: ServerEvent): void {
    this.#count += 1;
    const numbered = { id: `${this.#name}-${this.#count}`, event };
    this.#buffer.push(numbered);
    if (this.#buffer.length > this.#capacity) this.#buffer.shift();
    for (const listener of this.#listeners) listener(numbered);
  }

  /** What came after `lastId`, oldest first; null when that can no longer be told. */
  since(lastId: string): NumberedEvent[] | null {
    const match = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastId);
    if (!match || match[1] !== this.#name) return null;
    const missed = this.#count - Number(match[2]);
    if (missed < 0 || missed > this.#buffer.length) return null;
    return this.#buffer.slice(this.#buffer.length - missed);
  }

  /** Where a listener that starts now stands. */
  get position(): string {
    return `${this.#name}-${this.#count}`;
  }

  /** @returns the function that ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
