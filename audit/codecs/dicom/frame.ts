/** Decodes one frame of a DICOM file, in every transfer syntax that Overread reads. */
import { PIXELS, SYNTAX } from './data.ts';
import type { DicomData } from './data.ts';
import { decodeInThread } from '../thread.ts';
import { assertSize } from '../frame-size.ts';
import type { FrameSize } from '../frame-size.ts';
import { decodeJpeg, jpegHeader } from '../jpeg.ts';
import { decodeTwelveBitJpeg, isTwelveBit } from '../jpeg-12.ts';
import { decodeJpeg2000 } from '../jpeg-2000.ts';
import { decodeLosslessJpeg, losslessFrame } from '../jpeg-lossless.ts';
import { interleaved } from '../planes.ts';
import { CUT_SHORT, CodecError } from '../raster.ts';
import { unpackBits } from '../tiff/segments.ts';

/** How the samples of a frame are stored. */
export interface FrameKind extends FrameSize {
  /** Stored bits per sample, 8 or 16. */
  readonly allocated: number;
  /** True if the samples are stored plane after plane, false if pixel after pixel. */
  readonly planes: boolean;
  /** True if colours are red, green, blue; false for brightness and two differences. */
  readonly rgb: boolean;
}

const NATIVE: readonly string[] = [
  SYNTAX.implicitLittle,
  SYNTAX.explicitLittle,
  SYNTAX.explicitBig,
  SYNTAX.deflated,
];
const COMPRESSED: readonly string[] = Object.values(SYNTAX).filter((uid) => !NATIVE.includes(uid));

export const isNative = (syntax: string): boolean => NATIVE.includes(syntax);

/** @throws CodecError when the transfer syntax is not supported. */
export function assertSyntax(syntax: string): void {
  if (isNative(syntax) || COMPRESSED.includes(syntax)) return;
  throw new CodecError(
    `is compressed in a way that is not read (transfer syntax ${syntax}): save it uncompressed.`,
  );
}

/** The bytes of frame `index` as they are in the file. @param count number of frames in the file */
function frameBytes(data: DicomData, kind: FrameKind, index: number, count: number): Uint8Array {
  const element = data.elements.elements[PIXELS];
  if (element === undefined) throw new CodecError(CUT_SHORT);
  if (isNative(data.syntax)) {
    const length = kind.width * kind.height * kind.components * (kind.allocated / 8);
    const at = element.dataOffset + index * length;
    if (element.length < (index + 1) * length || at + length > data.bytes.length) {
      throw new CodecError(CUT_SHORT);
    }
    return data.bytes.subarray(at, at + length);
  }
  const parts = element.fragments ?? [];
  if (parts.length === 0) throw new CodecError(CUT_SHORT);
  if (count > 1 && parts.length !== count) {
    throw new CodecError('has frames in several pieces, which is not read: save it uncompressed.');
  }
  const own = count > 1 ? [parts[index]] : parts;
  const bytes = own.map(({ position, length }) => data.bytes.subarray(position, position + length));
  return bytes.length === 1 ? bytes[0] : Buffer.concat(bytes);
}

function nativeSamples(
  bytes: Uint8Array,
  { allocated, planes, components }: FrameKind,
  isSwapped: boolean,
): Uint8Array | Uint16Array {
  if (allocated === 8) return planes && components > 1 ? interleaved(bytes, components) : bytes;
  const samples = new Uint16Array(bytes.length / 2);
  const [low, high] = isSwapped ? [1, 0] : [0, 1];
  for (let i = 0; i < samples.length; i += 1) {
    samples[i] = bytes[2 * i + low] | (bytes[2 * i + high] << 8);
  }
  return samples;
}

/**
 * Decodes DICOM's RLE. It stores each channel as its own plane. Of 16-bit samples, the high bytes are one
 * plane and the low bytes the next. Reference: PS3.5, annex G.
 */
function rleSamples(bytes: Uint8Array, kind: FrameKind): Uint8Array | Uint16Array {
  const { width, height, components, allocated } = kind;
  const wide = allocated / 8;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 64) throw new CodecError(CUT_SHORT);
  const count = view.readUInt32LE(0);
  if (count !== components * wide)
    throw new CodecError('is broken: its RLE header makes no sense.');
  const pixels = width * height;
  const samples =
    wide === 2 ? new Uint16Array(pixels * components) : new Uint8Array(pixels * components);
  for (let segment = 0; segment < count; segment += 1) {
    const from = view.readUInt32LE(4 + segment * 4);
    const to = segment + 1 < count ? view.readUInt32LE(8 + segment * 4) : view.length;
    const plane = unpackBits(view.subarray(from, to), pixels);
    if (plane.length < pixels) throw new CodecError(CUT_SHORT);
    const component = Math.floor(segment / wide);
    const shift = (wide - 1 - (segment % wide)) * 8;
    for (let i = 0, at = component; i < pixels; i += 1, at += components) {
      samples[at] |= plane[i] << shift;
    }
  }
  return samples;
}

async function baselineSamples(bytes: Uint8Array, kind: FrameKind): Promise<Uint8Array> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = jpegHeader(file, true);
  if (header === null) throw new CodecError(CUT_SHORT);
  assertSize({ width: header.width, height: header.height, components: header.channels }, kind);
  return (await decodeJpeg(file, !kind.rgb)).data as Uint8Array;
}

/** JPEG of 8 or 12 bits, which share a transfer syntax. */
async function extendedSamples(
  bytes: Uint8Array,
  kind: FrameKind,
): Promise<Uint8Array | Uint16Array> {
  return isTwelveBit(bytes) ? decodeTwelveBitJpeg(bytes, kind) : baselineSamples(bytes, kind);
}

function losslessSamples(bytes: Uint8Array, kind: FrameKind): Uint8Array | Uint16Array {
  assertSize(losslessFrame(bytes), kind);
  return decodeLosslessJpeg(bytes).data;
}

async function jpegLsSamples(
  bytes: Uint8Array,
  kind: FrameKind,
): Promise<Uint8Array | Uint16Array> {
  assertSize(losslessFrame(bytes), kind);
  return (await decodeInThread('jpeg-ls', bytes, kind)).data;
}

/**
 * Decodes the samples of a frame and returns them pixel after pixel.
 * @param count number of frames in the file
 * @throws CodecError when the frame is cut short, broken or compressed in an unsupported way.
 */
export async function readFrame(
  data: DicomData,
  kind: FrameKind,
  index = 0,
  count = 1,
): Promise<Uint8Array | Uint16Array> {
  assertSyntax(data.syntax);
  const bytes = frameBytes(data, kind, index, count);
  switch (data.syntax) {
    case SYNTAX.rle:
      return rleSamples(bytes, kind);
    case SYNTAX.jpegBaseline:
      return baselineSamples(bytes, kind);
    case SYNTAX.jpegExtended:
      return extendedSamples(bytes, kind);
    case SYNTAX.jpegLossless:
    case SYNTAX.jpegLosslessFirst:
      return losslessSamples(bytes, kind);
    case SYNTAX.jpegLs:
    case SYNTAX.jpegLsNear:
      return jpegLsSamples(bytes, kind);
    case SYNTAX.jpeg2000:
    case SYNTAX.jpeg2000Lossless:
    case SYNTAX.highThroughput:
    case SYNTAX.highThroughputRpcl:
    case SYNTAX.highThroughputLossless:
      return (await decodeJpeg2000(bytes, kind)).data;
    default:
      return nativeSamples(bytes, kind, data.syntax === SYNTAX.explicitBig);
  }
}
