/** Entries of a JSON file's lists that are read again when they are needed, while it stays as it was. */
import { open, stat } from 'node:fs/promises';
import { readAt } from '../../codecs/index.ts';
import { UnreadableFile } from '../../codecs/raster.ts';
import { gapPlace, separatorOf } from './edit.ts';
import type { ListPlaces } from './edit.ts';
import type { JsonSpan } from './spans.ts';

/** Where the entries of a list lie, in two columns: a hundred thousand are two megabytes. */
export class EntryList {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #inner = 0;

  /** Takes the next entry of the list, or its end. @returns whether it was an entry. */
  take({ index, start, end }: JsonSpan): boolean {
    if (index === -1) {
      this.#inner = start;
      return false;
    }
    this.#starts.push(start);
    this.#ends.push(end);
    return true;
  }

  at(place: number): { start: number; end: number } {
    return { start: this.#starts[place], end: this.#ends[place] };
  }

  places(): ListPlaces {
    return { inner: this.#inner, entries: this.#starts.map((_, place) => this.at(place)) };
  }
}

export class EntryFile {
  readonly path: string;
  readonly #stamp: string;

  private constructor(path: string, stamp: string) {
    this.path = path;
    this.#stamp = stamp;
  }

  static async of(path: string): Promise<EntryFile> {
    return new EntryFile(path, await stampOf(path));
  }

  /** @throws UnreadableFile when the file is not as it was when it was looked at. */
  async assertSame(): Promise<void> {
    if ((await stampOf(this.path)) === this.#stamp) return;
    throw new UnreadableFile(this.path, 'was changed while it was read: do it again.');
  }

  /** The entries at these places of a list as they stand in the file. @throws UnreadableFile see `assertSame`. */
  async texts(list: EntryList, places: readonly number[]): Promise<string[]> {
    return this.#read(places.map((place) => list.at(place)));
  }

  /** What separates the entries of a list, for new ones. @throws UnreadableFile see `assertSame`. */
  async separator(places: ListPlaces): Promise<string> {
    const [gap] = await this.#read([gapPlace(places)]);
    return separatorOf(places, gap);
  }

  async #read(parts: readonly { start: number; end: number }[]): Promise<string[]> {
    await this.assertSame();
    const file = await open(this.path, 'r');
    try {
      const texts: string[] = [];
      for (const { start, end } of parts) {
        texts.push((await readAt(file, start, end - start)).toString('utf8'));
      }
      return texts;
    } finally {
      await file.close();
    }
  }
}

/** What a file is told by that was changed in the meantime. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? 'gone' : `${found.size} ${found.mtimeMs}`;
}
