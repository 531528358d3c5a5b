/** Keeps what was used last, up to a number of bytes. */

export class ByteCache<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #limit: number;
  readonly #bytesOf: (value: Value) => number;

  /** @param bytesOf asked anew each time, for an entry may grow */
  constructor(limit: number, bytesOf: (value: Value) => number) {
    this.#limit = limit;
    this.#bytesOf = bytesOf;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The entry, used just now. */
  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** Puts an entry in and lets the oldest go, never this one. */
  set(key: string, value: Value): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    let bytes = 0;
    for (const entry of this.#entries.values()) bytes += this.#bytesOf(entry);
    for (const [oldest, entry] of this.#entries) {
      if (bytes <= this.#limit || oldest === key) break;
      this.#entries.delete(oldest);
      bytes -= this.#bytesOf(entry);
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
