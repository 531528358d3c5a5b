/** Helpers for repeated requests: a cache bounded in bytes, and work shared between requests. */
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';

/** Keeps the values used last, up to `bytes` in all. A value larger than that is kept alone. */
export function cacheOfBytes<Value extends object>(
  bytes: number,
  sizeOf: (value: Value) => number,
): LRUCache<string, Value> {
  return new LRUCache({
    maxSize: bytes,
    sizeCalculation: (value) => Math.max(1, Math.min(bytes, sizeOf(value))),
  });
}

/**
 * Runs the work for at most `limit` keys at once. Requests for the same key share one result until its
 * work ends.
 */
export function sharedWork<Value>(
  limit: number,
): (key: string, work: () => Promise<Value>) => Promise<Value> {
  const inTurn = pLimit(limit);
  const running = new Map<string, Promise<Value>>();
  return (key, work) => {
    const shared = running.get(key);
    if (shared) return shared;
    const promise = inTurn(work).finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  };
}
