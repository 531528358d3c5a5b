/** What was read of the last few files: several labels of one file are one reading. */

/** Files that are kept: the structures of one are asked for one after the other. */
const KEPT = 8;

export class Recent<T> {
  readonly #kept = new Map<string, Promise<T>>();

  read(file: string, load: (file: string) => Promise<T>): Promise<T> {
    const known = this.#kept.get(file);
    if (known !== undefined) return known;
    const reading = load(file);
    this.#kept.set(file, reading);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= KEPT) break;
      this.#kept.delete(oldest);
    }
    return reading;
  }
}
