/** Decodes JPEG 2000 and High-Throughput JPEG 2000 with OpenJPEG. The size is checked before OpenJPEG gets the data. */
import { decodeInThread } from './thread.ts';
import { assertSize } from './frame-size.ts';
import type { FrameSize } from './frame-size.ts';
import type { FrameSamples } from './jpeg-lossless.ts';
import { BROKEN_PIXELS, CodecError } from './raster.ts';

/** The size in the SIZ segment, the first of a code stream. Reference: ISO/IEC 15444-1, A.5.1. */
function codestreamSize(bytes: Uint8Array): FrameSize {
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

/** @throws CodecError when the pixels are broken or have another size than the file's header states. */
export async function decodeJpeg2000(bytes: Uint8Array, wanted: FrameSize): Promise<FrameSamples> {
  assertSize(codestreamSize(bytes), wanted);
  return decodeInThread('jpeg-2000', bytes, wanted);
}
