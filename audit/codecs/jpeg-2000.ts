/** JPEG 2000 by OpenJPEG; the size is checked before its code sees the data. */
import { decodeInThread } from './thread.ts';
import { BROKEN_PIXELS, assertSize } from './frame-size.ts';
import type { Size } from './frame-size.ts';
import type { Samples } from './jpeg-lossless.ts';
import { CodecError } from './raster.ts';

/** Of the segment SIZ, which begins a code stream. Reference: ISO/IEC 15444-1, A.5.1. */
function codestreamSize(bytes: Uint8Array): Size {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = buffer.indexOf(Buffer.of(0xff, 0x4f, 0xff, 0x51));
  if (at < 0 || at + 42 > buffer.length) throw new CodecError(BROKEN_PIXELS);
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
  return decodeInThread('jpeg-2000', bytes, wanted);
}
