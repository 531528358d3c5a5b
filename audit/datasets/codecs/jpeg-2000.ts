/**
 * JPEG 2000 by OpenJPEG, as WebAssembly that is loaded when it is first needed. The size is checked
 * before its code sees the data; a module that failed, or that has grown large, is given up for a
 * new one.
 */
import { createRequire } from 'node:module';
import { assertSize } from './frame-size.ts';
import type { Size } from './frame-size.ts';
import type { Samples } from './jpeg-lossless.ts';
import { CodecError } from './raster.ts';

const BROKEN = 'is broken: its compressed pixels make no sense.';
/** Memory that a module may keep, in bytes. */
const KEPT_MEMORY = 256 * 1024 * 1024;

// What is used of a package that brings no types.
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
  delete(): void;
}
interface CodecModule {
  readonly HEAPU8: Uint8Array;
  readonly J2KDecoder: new () => FrameDecoder;
}
type MakeModule = (options: { print: () => void; printErr: () => void }) => Promise<CodecModule>;

/** New options each time: a module is built into them. */
function load(): Promise<CodecModule> {
  const require = createRequire(import.meta.url);
  const make = require('@cornerstonejs/codec-openjpeg/decodewasmjs') as MakeModule;
  return make({ print: () => undefined, printErr: () => undefined });
}

let kept: Promise<CodecModule> | null = null;

async function decode(bytes: Uint8Array): Promise<Samples> {
  kept ??= load();
  const module = await kept;
  let isWell = false;
  try {
    const decoder = new module.J2KDecoder();
    const samples = decodeWith(decoder, bytes);
    decoder.delete();
    isWell = true;
    return samples;
  } catch {
    // Exceptions of C++ are numbers; what they say is nothing that a person could use.
    throw new CodecError(BROKEN);
  } finally {
    if (!isWell || module.HEAPU8.byteLength > KEPT_MEMORY) kept = null;
  }
}

function decodeWith(decoder: FrameDecoder, bytes: Uint8Array): Samples {
  decoder.getEncodedBuffer(bytes.length).set(bytes);
  decoder.decode();
  const { width, height, bitsPerSample, componentCount: components } = decoder.getFrameInfo();
  const view = decoder.getDecodedBuffer();
  const size = bitsPerSample > 8 ? 2 : 1;
  if (bitsPerSample > 16 || view.byteLength !== width * height * components * size) {
    throw new CodecError(BROKEN);
  }
  const own = new Uint8Array(view);
  return { width, height, components, data: size === 1 ? own : new Uint16Array(own.buffer) };
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
  return decode(bytes);
}
