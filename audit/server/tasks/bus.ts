/**
 * The event bus numbers each event, keeps the last ones in a buffer and gives them to all listeners.
 * A client that reconnects resumes after the last id it got.
 */
import { randomBytes } from 'node:crypto';
import type { ServerEvent } from '../../contract/events.ts';

export interface NumberedEvent {
  /** `<name>-<number>`. Each bus has a random name, so that ids of an earlier server are recognised. */
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

  /**
   * The events after `lastId`, oldest first, or null if the buffer no longer holds all of them or another
   * bus gave this id.
   */
  since(lastId: string): NumberedEvent[] | null {
    const match = /^([0-9a-f]+)-(\d{1,15})$/.exec(lastId);
    if (!match || match[1] !== this.#name) return null;
    const missed = this.#count - Number(match[2]);
    if (missed < 0 || missed > this.#buffer.length) return null;
    return this.#buffer.slice(this.#buffer.length - missed);
  }

  /** Id of the newest event. */
  get position(): string {
    return `${this.#name}-${this.#count}`;
  }

  /** @returns a function that stops listening */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
