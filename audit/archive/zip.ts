/** A zip written as a stream: whatever its size, one file of it at a time is in memory. */
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** One file on its way into a zip. */
export interface ZipSource {
  /** With `/`, relative. */
  readonly name: string;
  /** False for what is compressed already. */
  readonly compress: boolean;
  /** Called when everything before it has been read. */
  open(): Promise<Readable>;
}

/**
 * yazl looks for the next entry through all it was ever given, which for 300,000 labels takes longer
 * than everything else. Those that are done are set aside, and are back for the directory at the end.
 */
class DoneEntries {
  readonly #zip: { entries: unknown[] };
  readonly #done: unknown[] = [];

  constructor(zip: ZipFile) {
    this.#zip = zip as unknown as { entries: unknown[] };
  }

  /** All but the newest are done. */
  setAside(): void {
    const { entries } = this.#zip;
    for (const entry of entries.splice(0, entries.length - 1)) this.#done.push(entry);
  }

  putBack(): void {
    this.#zip.entries = this.#done.concat(this.#zip.entries);
  }
}

/**
 * Writes the new file `file`; synced when it returns. What is left of it on failure is the caller's
 * business.
 * @throws what a source throws; AbortError when cancelled
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
    const to = createWriteStream(file, { flags: 'wx', flush: true });
    await pipeline(output, to, { ...(signal && { signal }) });
  } finally {
    (open as Readable | null)?.destroy();
    await iterator.return?.();
  }
}
