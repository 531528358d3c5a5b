/** Keeps the contents of the last few files, so that several labels of one file read it once. */
import { LRUCache } from 'lru-cache';

/**
 * Number of files that are kept. A few are enough, because the labels of a file are read one after
 * another.
 */
const KEPT = 8;

/** A cache of decoded files. */
export class RecentFiles<T> {
  readonly #kept = new LRUCache<string, Promise<T>>({ max: KEPT });

  /**
   * The result of `load` for a file, from the cache if it is there. Calls for a file that is being loaded
   * share the result.
   */
  read(file: string, load: (file: string) => Promise<T>): Promise<T> {
    const reading = this.#kept.get(file) ?? load(file);
    this.#kept.set(file, reading);
    return reading;
  }
}
