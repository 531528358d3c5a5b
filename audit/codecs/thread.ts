/**
 * The thread that decodes JPEG, JPEG-LS and JPEG 2000, started with the first such picture and kept:
 * one picture after the other, each with a bound of time. A thread whose codec failed, took too long
 * or holds much memory is ended; the next picture gets a new one.
 */
import { Worker } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { threadEntry } from '../thread-entry.ts';
import type { CodecAnswer, CodecName, CodecRequest } from './worker.ts';
import { BROKEN_PIXELS, assertSize } from './frame-size.ts';
import type { Size } from './frame-size.ts';
import type { Samples } from './jpeg-lossless.ts';
import { CodecError } from './raster.ts';

/** How long a picture may take, and how much longer for each million pixels, in milliseconds. */
const MOST_TIME = 3000;
const MORE_TIME = 1000;
/** Memory that a kept thread may hold for a codec, in bytes. */
const KEPT_MEMORY = 256 * 1024 ** 2;

let kept: Worker | null = null;
/** Settles when the thread is free. */
let free: Promise<unknown> = Promise.resolve();

function start(): Worker {
  const worker = new Worker(threadEntry(import.meta.url, './worker.js'));
  // What goes wrong while it is being ended is nobody's.
  return worker.on('error', () => undefined);
}

/** What the thread says of a picture; null when it says nothing in time. */
function ask(worker: Worker, request: CodecRequest, time: number): Promise<CodecAnswer | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const fail = (reason: string): void =>
      settle(() => {
        const said = `The thread that decodes pictures ended (${reason}): install Overread again.`;
        reject(new UserError(said));
      });
    const onMessage = (said: CodecAnswer): void => settle(() => resolve(said));
    const onError = (error: unknown): void =>
      fail(error instanceof Error ? error.message : String(error));
    const onExit = (code: number): void => fail(`code ${code}`);
    // An answer that came while this thread itself was busy is taken before the clock is believed.
    const timer = setTimeout(() => setImmediate(() => settle(() => resolve(null))), time);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(request, [request.bytes.buffer as ArrayBuffer]);
  });
}

async function decodeNow(codec: CodecName, bytes: Uint8Array, wanted: Size): Promise<Samples> {
  const worker = (kept ??= start());
  const time = MOST_TIME + (MORE_TIME * wanted.width * wanted.height) / 1e6;
  let isKept = false;
  // Only while it decodes does it keep the process alive.
  worker.ref();
  try {
    // A copy, to be handed over: the bytes may be a part of a file that is read on.
    const answer = await ask(worker, { codec, bytes: new Uint8Array(bytes) }, time);
    isKept = answer?.kind === 'decoded' && answer.memory <= KEPT_MEMORY;
    if (answer === null) {
      throw new CodecError(
        `was not decoded within ${Math.round(time / 1000)} s, as broken files are not: ` +
          'copy it again, or save it uncompressed.',
      );
    }
    if (answer.kind === 'too-large') {
      throw new CodecError('needs more than 1 GB of memory to be decoded: scale it down.');
    }
    if (answer.kind === 'broken') {
      throw new CodecError(BROKEN_PIXELS);
    }
    assertSize(answer.samples, wanted);
    return answer.samples;
  } finally {
    if (isKept) worker.unref();
    else {
      kept = null;
      await worker.terminate();
    }
  }
}

/**
 * Decodes compressed pixels whose header was read and is within bounds.
 * @param wanted the size that the header says
 * @returns samples interleaved, 8 bits each in bytes, more in 16 bits
 * @throws CodecError when they are broken, of another size, or take more time or memory than allowed.
 */
export function decodeInThread(
  codec: CodecName,
  bytes: Uint8Array,
  wanted: Size,
): Promise<Samples> {
  const samples = free.then(() => decodeNow(codec, bytes, wanted));
  free = samples.catch(() => undefined);
  return samples;
}
