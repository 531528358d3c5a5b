/** Downloads one file over HTTP: resumes an interrupted download, and checks the SHA-256. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

export interface Download {
  readonly address: string;
  readonly to: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A download fails after this many failed attempts; one that brings bytes starts the count again at 1. */
const PATIENCE = 4;

/** SHA-256 of a file, in hexadecimal. */
export async function sha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

/**
 * Downloads into `to.part` and renames it to `to`. An interrupted download leaves `to.part`, and the next
 * call continues it.
 * @param onBytes gets the number of bytes of `to.part` so far
 * @throws Error whose message is one sentence when the download fails, or the SHA-256 is not the expected one
 */
export async function download(
  { address, to, bytes, sha256: expected }: Download,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const part = `${to}.part`;
  let failures = 0;
  for (;;) {
    const before = await size(part);
    if (before >= bytes) break;
    try {
      await fetchRest(address, part, before, bytes, onBytes, signal);
    } catch (error) {
      signal?.throwIfAborted();
      failures = (await size(part)) > before ? 1 : failures + 1;
      if (failures >= PATIENCE) {
        const cause = error instanceof Error ? (error.cause ?? error) : error;
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`The download stopped at ${before} of ${bytes} bytes: ${why}.`, {
          cause: error,
        });
      }
      await wait(500 * 2 ** failures, undefined, { signal });
    }
  }
  if ((await sha256(part, signal)) !== expected) {
    await rm(part, { force: true });
    throw new Error('The downloaded file is not the expected one (SHA-256): try again.');
  }
  await rename(part, to);
}

async function fetchRest(
  address: string,
  part: string,
  start: number,
  bytes: number,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await fetch(address, {
    headers: start > 0 ? { Range: `bytes=${start}-` } : {},
    signal,
  });
  if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
  // A server that does not know range requests sends the whole file again.
  let there = response.status === 206 ? start : 0;
  const file = await open(part, there > 0 ? 'a' : 'w');
  try {
    for await (const chunk of response.body) {
      await file.write(chunk as Uint8Array);
      there += (chunk as Uint8Array).length;
      if (there > bytes) throw new Error('the server sent more than the file has');
      onBytes(there);
    }
  } finally {
    await file.close();
  }
  if (there < bytes) throw new Error('the connection ended early');
}

async function size(path: string): Promise<number> {
  return stat(path)
    .then((found) => found.size)
    .catch(() => 0);
}
