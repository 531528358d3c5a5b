/** Writes a zip as a stream. Its files are opened and read one after another. */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { OWN_FILE } from '../store/files.ts';

/** One file to be written into a zip. */
export interface ZipSource {
  /** Path inside the zip, with `/` between folders. */
  readonly name: string;
  /** False if the content is compressed already. */
  readonly compress: boolean;
  /** Opens the content. It is called after all files before this one have been read. */
  open(): Promise<Readable>;
}

/**
 * Keeps finished entries out of yazl's list. yazl searches all its entries for the next one, which is
 * too slow for 300,000 labels. At the end the entries are put back, because yazl writes the zip's
 * directory from its list.
 */
class DoneEntries {
  readonly #zip: { entries: unknown[] };
  readonly #done: unknown[] = [];

  constructor(zip: ZipFile) {
    this.#zip = zip as unknown as { entries: unknown[] };
  }

  /** Takes out all entries except the newest, which is being written. */
  setAside(): void {
    const { entries } = this.#zip;
    for (const entry of entries.splice(0, entries.length - 1)) this.#done.push(entry);
  }

  putBack(): void {
    this.#zip.entries = this.#done.concat(this.#zip.entries);
  }
}

/**
 * Writes the new file `file` and syncs it. On failure the caller removes the file.
 * @throws the error of a source, or AbortError if cancelled
 */
export async function writeZip(
  file: string,
  sources: AsyncIterable<ZipSource>,
  signal?: AbortSignal,
): Promise<void> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  const done = new DoneEntries(zip);
  const iterator = sources[Symbol.asyncIterator]();
  let open: Readable | null = null;
  const fail = (error: unknown): void => {
    output.destroy(error instanceof Error ? error : new Error(String(error)));
  };
  zip.on('error', fail);

  async function addNext(): Promise<void> {
    const next = await iterator.next();
    if (next.done === true) {
      done.putBack();
      zip.end();
      return;
    }
    const source = next.value;
    zip.addReadStreamLazy(source.name, { compress: source.compress }, (ready) => {
      done.setAside();
      source
        .open()
        .then((stream) => {
          open = stream.on('error', fail);
          ready(null, stream);
          return addNext();
        })
        .catch(fail);
    });
  }

  try {
    void addNext().catch(fail);
    const to = createWriteStream(file, { flags: 'wx', flush: true, mode: OWN_FILE });
    await pipeline(output, to, { ...(signal && { signal }) });
  } finally {
    (open as Readable | null)?.destroy();
    await iterator.return?.();
  }
}
