/**
 * Decodes JPEG, JPEG-LS and JPEG 2000 in a worker thread, one picture after another, each within a time
 * limit. The thread starts with the first picture and is kept. If its codec fails, takes too long or
 * holds much memory, the thread is ended, and the next picture starts a new one.
 */
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { UserError } from '../errors.ts';
import { threadEntry } from '../thread-entry.ts';
import type { CodecAnswer, CodecName, CodecRequest } from './worker.ts';
import { assertSize } from './frame-size.ts';
import type { FrameSize } from './frame-size.ts';
import type { FrameSamples } from './jpeg-lossless.ts';
import { BROKEN_PIXELS, CodecError } from './raster.ts';

/** In milliseconds: the time limit of a small picture, and what each million pixels adds to it. */
const MOST_TIME = 3000;
const MORE_TIME = 1000;
/** In bytes: a thread that holds more memory than this after a picture is decoded is ended. */
const KEPT_MEMORY = 256 * 1024 ** 2;

let kept: Worker | null = null;
/** The thread decodes one picture at a time. */
const inTurn = pLimit(1);

function start(): Worker {
  const worker = new Worker(threadEntry(import.meta.url, './worker.js'));
  // Without a listener, an error while the thread is being ended would end the process.
  return worker.on('error', () => undefined);
}

/** The thread's answer, or null if it does not answer in time. */
function ask(worker: Worker, request: CodecRequest, time: number): Promise<CodecAnswer | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const fail = (reason: string): void =>
      settle(() => {
        const sentence = `The thread that decodes pictures ended (${reason}): install Overread again.`;
        reject(new UserError(sentence));
      });
    const onMessage = (answer: CodecAnswer): void => settle(() => resolve(answer));
    const onError = (error: unknown): void =>
      fail(error instanceof Error ? error.message : String(error));
    const onExit = (code: number): void => fail(`code ${code}`);
    // If the calling thread was busy, an answer may be waiting: `setImmediate` lets it come first.
    const timer = setTimeout(() => setImmediate(() => settle(() => resolve(null))), time);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(request, [request.bytes.buffer as ArrayBuffer]);
  });
}

async function decodeNow(
  codec: CodecName,
  bytes: Uint8Array,
  wanted: FrameSize,
): Promise<FrameSamples> {
  const worker = (kept ??= start());
  const time = MOST_TIME + (MORE_TIME * wanted.width * wanted.height) / 1e6;
  let isKept = false;
  // The worker keeps the process alive only while it decodes.
  worker.ref();
  try {
    // Posting gives the memory away to the worker, so `bytes` is copied.
    const answer = await ask(worker, { codec, bytes: new Uint8Array(bytes) }, time);
    isKept = answer?.kind === 'decoded' && answer.memory <= KEPT_MEMORY;
    if (answer === null) {
      throw new CodecError(
        `was not decoded within ${Math.round(time / 1000)} s, so it is probably broken: ` +
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
 * Decodes compressed pixels. The caller has checked that the size in the header is within bounds.
 * @param wanted the size in the header
 * @returns interleaved samples: bytes if they have up to 8 bits, else 16-bit numbers
 * @throws CodecError when the pixels are broken, have another size, or need too much time or memory.
 */
export function decodeInThread(
  codec: CodecName,
  bytes: Uint8Array,
  wanted: FrameSize,
): Promise<FrameSamples> {
  return inTurn(decodeNow, codec, bytes, wanted);
}
