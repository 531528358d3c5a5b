/**
 * The worker thread that decodes JPEG, JPEG-LS and JPEG 2000 in WebAssembly. A broken file may make a
 * codec run or allocate without end: this file bounds the memory, `thread.ts` bounds the time.
 */
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { interleaved } from './planes.ts';
import type { FrameSamples } from './jpeg-lossless.ts';

/** The most memory that a codec may use, in bytes. */
const MOST_MEMORY = 1024 ** 3;
const PAGE = 1 << 16;

// The packages have no types: these are the parts of them that are used here.
interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}
interface FrameDecoder {
  /** A view of the codec's memory; the caller writes the compressed bytes into it. */
  getEncodedBuffer(length: number): Uint8Array;
  /** A copy of the decoded samples. */
  getDecodedBuffer(): Uint8ClampedArray;
  decode(): void;
  getFrameInfo(): FrameInfo;
  /** Only JPEG-LS has this; 0 means that samples are stored plane after plane. */
  getInterleaveMode?(): number;
  delete(): void;
}
type DecoderName = 'JPEGDecoder' | 'JpegLSDecoder' | 'J2KDecoder';
type CodecModule = Readonly<Record<DecoderName, new () => FrameDecoder>> & {
  readonly HEAPU8: Uint8Array;
};
type MakeModule = (options: { print: () => void; printErr: () => void }) => Promise<CodecModule>;
interface Memory {
  readonly buffer: ArrayBuffer;
  grow: (this: Memory, pages: number) => number;
}

export type CodecName = 'jpeg' | 'jpeg-ls' | 'jpeg-2000';
export interface CodecRequest {
  readonly codec: CodecName;
  readonly bytes: Uint8Array;
}
export type CodecAnswer =
  /** `memory` is the size of the codec's memory in bytes, which never shrinks. */
  | { readonly kind: 'decoded'; readonly samples: FrameSamples; readonly memory: number }
  | { readonly kind: 'broken' }
  | { readonly kind: 'too-large' };

const CODECS: Record<CodecName, readonly [string, DecoderName]> = {
  jpeg: ['@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs', 'JPEGDecoder'],
  'jpeg-ls': ['@cornerstonejs/codec-charls/decodewasmjs', 'JpegLSDecoder'],
  'jpeg-2000': ['@cornerstonejs/codec-openjpeg/decodewasmjs', 'J2KDecoder'],
};

/** Whether the last request of a codec for memory was refused. */
let isFull = false;
/** Bounds the memory of this thread's codecs, which by themselves would take up to 2 GB. */
function boundMemory(prototype: Memory): void {
  const { grow } = prototype;
  prototype.grow = function bounded(this: Memory, pages: number): number {
    isFull = this.buffer.byteLength + pages * PAGE > MOST_MEMORY;
    if (isFull) throw new RangeError('more memory than a codec may take');
    return grow.call(this, pages);
  };
}

const loaded = new Map<CodecName, Promise<CodecModule>>();

function load(codec: CodecName): Promise<CodecModule> {
  const module = loaded.get(codec) ?? instantiate(codec);
  loaded.set(codec, module);
  return module;
}

function instantiate(codec: CodecName): Promise<CodecModule> {
  const make = createRequire(import.meta.url)(CODECS[codec][0]) as MakeModule;
  return make({ print: () => undefined, printErr: () => undefined });
}

/** @throws any value that the codec throws, mostly a number without a meaning */
function decode(decoder: FrameDecoder, bytes: Uint8Array): FrameSamples {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const { width, height, bitsPerSample, componentCount: components } = decoder.getFrameInfo();
  const { buffer, byteLength } = decoder.getDecodedBuffer();
  const count = width * height * components;
  const size = bitsPerSample > 8 ? 2 : 1;
  if (bitsPerSample > 16 || byteLength !== count * size) throw new Error('no such samples');
  const data = size === 1 ? new Uint8Array(buffer) : new Uint16Array(buffer);
  const arePlanes = components > 1 && decoder.getInterleaveMode?.() === 0;
  return { width, height, components, data: arePlanes ? interleaved(data, components) : data };
}

async function answer({ codec, bytes }: CodecRequest): Promise<CodecAnswer> {
  const module = await load(codec);
  isFull = false;
  try {
    const decoder = new module[CODECS[codec][1]]();
    const samples = decode(decoder, bytes);
    decoder.delete();
    return { kind: 'decoded', samples, memory: module.HEAPU8.byteLength };
  } catch (error) {
    // If the system refuses the memory, the error is a RangeError, too.
    return { kind: isFull || error instanceof RangeError ? 'too-large' : 'broken' };
  }
}

const port = parentPort!;
boundMemory(
  (globalThis as unknown as { WebAssembly: { Memory: { prototype: Memory } } }).WebAssembly.Memory
    .prototype,
);
port.on('message', (request: CodecRequest) => {
  void answer(request).then((reply) => {
    port.postMessage(
      reply,
      reply.kind === 'decoded' ? [reply.samples.data.buffer as ArrayBuffer] : [],
    );
  });
});
