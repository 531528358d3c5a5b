/**
 * The bytes of a zip of unknown origin, for yauzl. yauzl's own reader of files throws outside of every
 * promise when a stream ends while a read is in flight, which ends the process. This one only rejects.
 */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';

/** Bytes that are read at once. */
const PIECE = 64 * 1024;

/** Reads from `at` on. @throws Error if `at` is no place in a file, or the file ends before `length` bytes */
async function readAt(
  handle: FileHandle,
  buffer: Uint8Array,
  offset: number,
  length: number,
  at: number,
): Promise<void> {
  // A place in a zip is a number of 64 bits that the zip names.
  if (!Number.isSafeInteger(at) || at < 0) throw new Error('it names an impossible place');
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(buffer, offset + done, length - done, at + done);
    if (bytesRead === 0) throw new Error('it ends too early');
    done += bytesRead;
  }
}

async function* pieces(handle: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, end - at));
    await readAt(handle, piece, 0, piece.length, at);
    yield piece;
    at += piece.length;
  }
}

/** Reads an open file for yauzl. The zip's `close` closes the file, after the reads in flight. */
export class ZipBytes extends yauzl.RandomAccessReader {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    super();
    this.#handle = handle;
  }

  override createReadStream({ start, end }: { start: number; end: number }): Readable {
    return Readable.from(pieces(this.#handle, start, end), { objectMode: false });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    readAt(this.#handle, buffer, offset, length, position).then(
      () => callback(null),
      (error: Error) => callback(error),
    );
  }

  override close(callback: (error: Error | null) => void): void {
    // The zip was only read, so a failure to close its file loses nothing.
    this.#handle.close().then(
      () => callback(null),
      () => callback(null),
    );
  }
}
