/** Small aids for work that is asked for many times: a bounded cache, and a limit of how many run. */

/** Least recently used go first once the sizes add up to more than `capacity`. */
export class BoundedCache<Value> {
  readonly #entries = new Map<string, { value: Value; size: number }>();
  readonly #capacity: number;
  #used = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, size: number): void {
    const old = this.#entries.get(key);
    if (old) this.#used -= old.size;
    this.#entries.delete(key);
    this.#entries.set(key, { value, size });
    this.#used += size;
    for (const [oldest, entry] of this.#entries) {
      if (this.#used <= this.#capacity || oldest === key) break;
      this.#entries.delete(oldest);
      this.#used -= entry.size;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#used = 0;
  }
}

/** Runs the same key once at a time, sharing its result, and at most `limit` keys at once. */
export function sharedWork<Value>(
  limit: number,
): (key: string, work: () => Promise<Value>) => Promise<Value> {
  const running = new Map<string, Promise<Value>>();
  const waiting: (() => void)[] = [];
  let active = 0;
  const run = async (work: () => Promise<Value>): Promise<Value> => {
    if (active >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else active += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else active -= 1;
    }
  };
  return (key, work) => {
    const known = running.get(key);
    if (known) return known;
    const promise = run(work).finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  };
}
