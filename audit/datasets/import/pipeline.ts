/** A bounded pipeline: works on a few items at a time and yields the results in order. */

/**
 * Runs `work` on `items`, at most `limit` at a time, and yields the results in order. If the consumer
 * stops or a piece of work fails, no new work is started and running work is awaited.
 */
export async function* inOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  try {
    for (;;) {
      while (running.length < limit) {
        const next = await iterator.next();
        if (next.done === true) break;
        const promise = work(next.value);
        // The failure of a promise is thrown below, at its turn. Until then Node must not report it as
        // unhandled.
        promise.catch(() => undefined);
        running.push(promise);
      }
      const first = running.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(running);
    await iterator.return?.();
  }
}

/**
 * Seconds left at the rate so far. Null if nothing is done or less than half a second has passed, because
 * the rate is then unknown.
 * @param startedAt the value of `performance.now()` at the start
 */
export function secondsLeft(startedAt: number, done: number, total: number): number | null {
  const elapsed = (performance.now() - startedAt) / 1000;
  if (done < 1 || elapsed < 0.5) return null;
  return Math.round((elapsed / done) * (total - done));
}
