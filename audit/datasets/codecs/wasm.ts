/**
 * JPEG 2000 (OpenJPEG) and JPEG-LS (CharLS), as WebAssembly that is loaded when it is first needed.
 * The size is checked before the code sees the data; a module that failed, or that has grown large,
 * is given up for a new one.
 */
import { createRequire } from 'node:module';
import { losslessFrame } from './jpeg-lossless.ts';
import type { Samples } from './jpeg-lossless.ts';
import { CodecError } from './raster.ts';

const BROKEN = 'is broken: its compressed pixels make no sense.';
/** Memory that a module may keep, in bytes. */
const KEPT_MEMORY = 256 * 1024 * 1024;

// What is used of two packages that bring no types.
interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}
/** Buffers are views of the module's memory, valid until its next call. */
interface FrameDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): FrameInfo;
  /** JPEG-LS: 0 is plane after plane. */
  getInterleaveMode?(): number;
  delete(): void;
}
interface CodecModule {
  readonly HEAPU8: Uint8Array;
  readonly J2KDecoder: new () => FrameDecoder;
  readonly JpegLSDecoder: new () => FrameDecoder;
}
type MakeModule = (options: { print: () => void; printErr: () => void }) => Promise<CodecModule>;

/** New options each time: a module is built into them. */
function load(name: string): Promise<CodecModule> {
  const make = createRequire(import.meta.url)(name) as MakeModule;
  return make({ print: () => undefined, printErr: () => undefined });
}

/** A module and how its decoder is made. */
class Codec {
  readonly #name: string;
  readonly #make: (module: CodecModule) => FrameDecoder;
  #module: Promise<CodecModule> | null = null;

  constructor(name: string, make: (module: CodecModule) => FrameDecoder) {
    this.#name = name;
    this.#make = make;
  }

  async decode(bytes: Uint8Array): Promise<Samples> {
    this.#module ??= load(this.#name);
    const module = await this.#module;
    let isWell = false;
    try {
      const decoder = this.#make(module);
      const samples = decodeWith(decoder, bytes);
      decoder.delete();
      isWell = true;
      return samples;
    } catch {
      // Exceptions of C++ are numbers; what they say is nothing that a person could use.
      throw new CodecError(BROKEN);
    } finally {
      if (!isWell || module.HEAPU8.byteLength > KEPT_MEMORY) this.#module = null;
    }
  }
}

function decodeWith(decoder: FrameDecoder, bytes: Uint8Array): Samples {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const { width, height, bitsPerSample, componentCount: components } = decoder.getFrameInfo();
  const view = decoder.getDecodedBuffer();
  const count = width * height * components;
  const size = bitsPerSample > 8 ? 2 : 1;
  if (bitsPerSample > 16 || view.byteLength !== count * size) throw new CodecError(BROKEN);
  const own = new Uint8Array(view);
  const data = size === 1 ? own : new Uint16Array(own.buffer);
  const planes = components > 1 && decoder.getInterleaveMode?.() === 0;
  return { width, height, components, data: planes ? interleaved(data, components) : data };
}

/** From plane after plane to pixel after pixel. */
export function interleaved(
  data: Uint8Array | Uint16Array,
  components: number,
): Uint8Array | Uint16Array {
  const pixels = data.length / components;
  const mixed =
    data instanceof Uint16Array ? new Uint16Array(data.length) : new Uint8Array(data.length);
  for (let c = 0; c < components; c += 1) {
    for (let i = 0; i < pixels; i += 1) mixed[i * components + c] = data[c * pixels + i];
  }
  return mixed;
}

const openJpeg = new Codec(
  '@cornerstonejs/codec-openjpeg/decodewasmjs',
  (module) => new module.J2KDecoder(),
);
const charLs = new Codec(
  '@cornerstonejs/codec-charls/decodewasmjs',
  (module) => new module.JpegLSDecoder(),
);

/** Size of a picture, and how many samples a pixel has. */
export type Size = Pick<Samples, 'width' | 'height' | 'components'>;

/** @throws CodecError when compressed pixels are not of the size that their file's header says. */
export function assertSize(found: Size, wanted: Size): void {
  const { width, height, components } = found;
  if (width === wanted.width && height === wanted.height && components === wanted.components)
    return;
  throw new CodecError(
    `is broken: its compressed pixels are ${width} × ${height} × ${components}, ` +
      `its header says ${wanted.width} × ${wanted.height} × ${wanted.components}.`,
  );
}

/** Of the segment SIZ, which begins a code stream. Reference: ISO/IEC 15444-1, A.5.1. */
function codestreamSize(bytes: Uint8Array): Size {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51));
  if (at < 0 || at + 42 > buffer.length) throw new CodecError(BROKEN);
  const far = { x: buffer.readUInt32BE(at + 8), y: buffer.readUInt32BE(at + 12) };
  const near = { x: buffer.readUInt32BE(at + 16), y: buffer.readUInt32BE(at + 20) };
  return {
    width: far.x - near.x,
    height: far.y - near.y,
    components: buffer.readUInt16BE(at + 40),
  };
}

/** @throws CodecError when it is broken, or not of the size that its file's header says. */
export async function decodeJpeg2000(bytes: Uint8Array, wanted: Size): Promise<Samples> {
  assertSize(codestreamSize(bytes), wanted);
  return openJpeg.decode(bytes);
}

/** @throws CodecError when it is broken, or not of the size that its file's header says. */
export async function decodeJpegLs(bytes: Uint8Array, wanted: Size): Promise<Samples> {
  assertSize(losslessFrame(bytes), wanted);
  return charLs.decode(bytes);
}
