/** What was read of the last few files: several labels of one file are one reading. */
import { LRUCache } from 'lru-cache';

/** Files that are kept: the structures of one are asked for one after the other. */
const KEPT = 8;

export class Recent<T> {
  readonly #kept = new LRUCache<string, Promise<T>>({ max: KEPT });

  /** What `load` makes of a file; a reading that is under way is shared. */
  read(file: string, load: (file: string) => Promise<T>): Promise<T> {
    const reading = this.#kept.get(file) ?? load(file);
    this.#kept.set(file, reading);
    return reading;
  }
}
