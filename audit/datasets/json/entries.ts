/**
 * Remembers the positions of the entries in a JSON file's lists, and later reads single entries again if
 * the file has not changed.
 */
import { stat } from 'node:fs/promises';
import { readAt } from '../../codecs/index.ts';
import { UnreadableFile } from '../../codecs/raster.ts';
import { gapSpan, separatorOf } from './edit.ts';
import type { ListSpans } from './edit.ts';
import type { Span } from '../tree/splice.ts';
import type { JsonSpan } from './spans.ts';
import { openRegular } from '../../regular.ts';

/**
 * The spans of a list's entries, in bytes. Two arrays of numbers need less memory than an object for each
 * entry: a hundred thousand entries take two megabytes.
 */
export class EntryList {
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #inner = 0;

  /**
   * Adds the next span of the list.
   * @returns true if the span is an entry, false if it is the end of the list
   */
  take({ index, start, end }: JsonSpan): boolean {
    if (index === -1) {
      this.#inner = start;
      return false;
    }
    this.#starts.push(start);
    this.#ends.push(end);
    return true;
  }

  at(index: number): Span {
    return { start: this.#starts[index], end: this.#ends[index] };
  }

  spans(): ListSpans {
    return { inner: this.#inner, entries: this.#starts.map((_, index) => this.at(index)) };
  }
}

/**
 * A JSON file whose entries are read one at a time: `of` notes the position of each. The file must not
 * change after that.
 */
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

  /** @throws UnreadableFile when the file has changed since `of` was called. */
  async assertSame(): Promise<void> {
    if ((await stampOf(this.path)) === this.#stamp) return;
    throw new UnreadableFile(this.path, 'was changed while it was read: do it again.');
  }

  /** The texts of the entries with these indices. @throws UnreadableFile as `assertSame` */
  async texts(list: EntryList, indices: readonly number[]): Promise<string[]> {
    return this.#read(indices.map((index) => list.at(index)));
  }

  /**
   * The text that must separate a new entry of a list from the entry before it.
   * @throws UnreadableFile as `assertSame`
   */
  async separator(spans: ListSpans): Promise<string> {
    const [gap] = await this.#read([gapSpan(spans)]);
    return separatorOf(spans, gap);
  }

  async #read(parts: readonly Span[]): Promise<string[]> {
    await this.assertSame();
    const file = await openRegular(this.path);
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

/** The file's size and time of change as text, which differs after a change. */
async function stampOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? 'gone' : `${found.size} ${found.mtimeMs}`;
}
