import { describe, expect, it } from 'vitest';
import { cacheOfBytes, sharedWork } from '../../../audit/server/pictures/caches.ts';

describe('a cache with a limit in bytes', () => {
  const bytes = (size: number): Uint8Array => new Uint8Array(size);

  it('drops the values that were used longest ago if a new value does not fit', () => {
    const cache = cacheOfBytes<Uint8Array>(10, ({ byteLength }) => byteLength);
    cache.set('a', bytes(4));
    cache.set('b', bytes(4));
    cache.get('a');
    cache.set('c', bytes(4));
    expect(['a', 'b', 'c'].filter((key) => cache.has(key))).toEqual(['a', 'c']);
  });

  it('holds a value above the limit, but no other value with it', () => {
    const cache = cacheOfBytes<Uint8Array>(10, ({ byteLength }) => byteLength);
    cache.set('a', bytes(4));
    cache.set('large', bytes(50));
    expect(cache.get('large')?.byteLength).toBe(50);
    expect(cache.has('a')).toBe(false);
    cache.set('b', bytes(4));
    expect([...cache.keys()]).toEqual(['b']);
  });

  it('holds a value of no bytes', () => {
    const cache = cacheOfBytes<Uint8Array>(10, ({ byteLength }) => byteLength);
    cache.set('empty', bytes(0));
    expect(cache.has('empty')).toBe(true);
  });
});

describe('shared work', () => {
  it('runs once for all requests that come while it runs, and again for a later request', async () => {
    let runs = 0;
    const shared = sharedWork<number>(2);
    const work = async (): Promise<number> => {
      runs += 1;
      await Promise.resolve();
      return runs;
    };
    expect(await Promise.all([shared('a', work), shared('a', work)])).toEqual([1, 1]);
    expect(await shared('a', work)).toBe(2);
  });

  it('runs at most as many works at once as the limit allows', async () => {
    let active = 0;
    let most = 0;
    const shared = sharedWork<void>(2);
    const work = async (): Promise<void> => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
    };
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => shared(key, work)));
    expect(most).toBe(2);
  });

  it('runs again after a failure', async () => {
    const shared = sharedWork<string>(1);
    await expect(shared('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await shared('a', () => Promise.resolve('yes'))).toBe('yes');
  });
});
