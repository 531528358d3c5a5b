/** Aids for pictures that are asked for many times: a cache of so many bytes, and shared work. */
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';

/**
 * Holds what was used last, as far as it fits in `bytes`. A value that alone is larger is held, too:
 * nothing else is beside it.
 */
export function cacheOfBytes<Value extends object>(
  bytes: number,
  sizeOf: (value: Value) => number,
): LRUCache<string, Value> {
  return new LRUCache({
    maxSize: bytes,
    sizeCalculation: (value) => Math.max(1, Math.min(bytes, sizeOf(value))),
  });
}

/** Runs the same key once at a time, sharing its result, and at most `limit` keys at once. */
export function sharedWork<Value>(
  limit: number,
): (key: string, work: () => Promise<Value>) => Promise<Value> {
  const inTurn = pLimit(limit);
  const running = new Map<string, Promise<Value>>();
  return (key, work) => {
    const known = running.get(key);
    if (known) return known;
    const promise = inTurn(work).finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  };
}
