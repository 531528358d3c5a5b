/**
 * Decodes JPEG of 8 bits, baseline and progressive, with libjpeg-turbo. The header is parsed here
 * first, so that JPEG of other kinds is refused.
 */
import { decodeInThread } from './thread.ts';
import { CUT_SHORT, CodecError, checkBounds } from './raster.ts';
import { exifOrientation, isSideways, upright } from './orientation.ts';
import type { Header, Raster } from './raster.ts';

/** Markers between 0xc0 and 0xcf that do not start a frame. */
const NOT_A_FRAME = new Set([0xc4, 0xc8, 0xcc]);
const SCAN = 0xda;
const APP1 = 0xe1;
const END = Buffer.of(0xff, 0xd9);
/**
 * An Adobe segment that states that the colours are red, green, blue. If the file itself has a segment
 * that states another colour space, libjpeg-turbo follows the file. Reference: libjpeg-turbo's
 * jdapimin.c, default_decompress_parms.
 */
const ADOBE = Buffer.from('ffee000e41646f626500640000000000', 'hex');

/** Sampling factors (across and down, for three planes) that libjpeg-turbo decodes, see its turbojpeg.c. */
const SAMPLINGS = [
  ...['11 11 11', '12 12 12', '13 13 13', '21 21 21', '31 31 31'],
  ...['12 11 11', '14 11 11', '21 11 11', '22 11 11', '22 12 12', '22 21 21', '41 11 11'],
];

interface JpegHeader extends Header {
  /** Position, in bytes, of the segment before the compressed pixels; 0 if the bytes end before it. */
  readonly scan: number;
  /** The Exif orientation. `width` and `height` are those of the picture turned upright. */
  readonly orientation: number;
}

/**
 * Parses the header of a JPEG.
 * @param whole whether `bytes` are the whole file
 * @returns null if more bytes are needed and `whole` is false
 * @throws CodecError when the header is broken or of a kind of JPEG that is not read.
 */
export function jpegHeader(bytes: Buffer, whole: boolean): JpegHeader | null {
  const cut = (): null => {
    if (whole) throw new CodecError(CUT_SHORT);
    return null;
  };
  let header: Header | null = null;
  let orientation = 1;
  const done = (found: Header, scan: number): JpegHeader => {
    const { width, height } = found;
    const size = isSideways(orientation) ? { width: height, height: width } : { width, height };
    return { ...found, ...size, scan, orientation };
  };
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    if (at + 4 > bytes.length) return header === null ? cut() : done(header, 0);
    if (bytes[at] !== 0xff) throw new CodecError('is a broken JPEG file.');
    const marker = bytes[at + 1];
    const length = bytes.readUInt16BE(at + 2);
    if (marker === SCAN && header !== null) return done(header, at);
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_A_FRAME.has(marker)) {
      if (at + 2 + length > bytes.length || length < 8) return cut();
      header = frame(marker, bytes.subarray(at + 4, at + 2 + length));
    }
    // The first Exif segment with an orientation other than 1 (upright) counts.
    if (marker === APP1 && orientation === 1) {
      if (at + 2 + length > bytes.length) return cut();
      orientation = exifOrientation(bytes.subarray(at + 4, at + 2 + length)) ?? 1;
    }
    at += 2 + length;
  }
}

function frame(marker: number, body: Buffer): Header {
  const bits = body[0];
  const height = body.readUInt16BE(1);
  const width = body.readUInt16BE(3);
  const channels = body[5];
  checkBounds(width, height);
  if (marker > 0xc2 || bits !== 8) {
    const kind = bits === 8 ? 'lossless or arithmetic-coded' : `${bits}-bit`;
    throw new CodecError(`is a ${kind} JPEG file, which is not read: save it as PNG.`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new CodecError(
      `is a JPEG file with ${channels} colour channels, which is not read: save it as PNG.`,
    );
  }
  const samplings = [7, 10, 13].map((at) => body[at]?.toString(16)).join(' ');
  if (channels === 3 && !SAMPLINGS.includes(samplings)) {
    throw new CodecError(
      'is a JPEG file with an unusual colour sampling, which is not read: save it as PNG.',
    );
  }
  return { format: 'jpeg', width, height, bits, channels };
}

/**
 * Decodes a JPEG file to one grey channel, or to red, green, blue.
 * @param differences how colours are stored if the file does not say: true for brightness and two colour
 *   differences (YCbCr), false for red, green, blue
 * @throws CodecError when the file is cut short, broken or too large.
 */
export async function decodeJpeg(bytes: Buffer, differences = true): Promise<Raster> {
  const header = jpegHeader(bytes, true);
  if (header === null) throw new CodecError('is a broken JPEG file.');
  const { format, bits, channels, orientation, scan } = header;
  const isTurned = isSideways(orientation);
  const [width, height] = isTurned ? [header.height, header.width] : [header.width, header.height];
  // A block of 8 × 8 pixels takes at least one bit, so a file with fewer bits than blocks is cut short.
  const isTooShort = Math.ceil(width / 8) * Math.ceil(height / 8) > bytes.length * 8;
  // Without this check the decoder would report a cut file as broken.
  if (scan === 0 || isTooShort || bytes.lastIndexOf(END) < scan) {
    throw new CodecError(CUT_SHORT);
  }
  const file = differences
    ? bytes
    : Buffer.concat([bytes.subarray(0, 2), ADOBE, bytes.subarray(2)]);
  const { data } = await decodeInThread('jpeg', file, { width, height, components: channels });
  return upright({ format, width, height, bits, channels, data }, orientation);
}
