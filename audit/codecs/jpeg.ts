/** JPEG, 8 bits, baseline and progressive, by libjpeg-turbo; what is not read is told from the header. */
import { decodeInThread } from './thread.ts';
import { CodecError, checkBounds } from './raster.ts';
import { exifOrientation, isSideways, upright } from './orientation.ts';
import type { Header, Raster } from './raster.ts';

/** Start-of-frame markers that are none: tables, and the arithmetic conditioning. */
const NOT_A_FRAME = new Set([0xc4, 0xc8, 0xcc]);
const SCAN = 0xda;
const APP1 = 0xe1;
const END = Buffer.of(0xff, 0xd9);
/**
 * A segment of Adobe's that says: red, green, blue. A file's own segments that say it otherwise come
 * later or count more. Reference: libjpeg-turbo's jdapimin.c, default_decompress_parms.
 */
const ADOBE = Buffer.from('ffee000e41646f626500640000000000', 'hex');

/** Samples across and down of each of three planes, in a unit, as libjpeg-turbo's turbojpeg.c takes them. */
const SAMPLINGS = [
  ...['11 11 11', '12 12 12', '13 13 13', '21 21 21', '31 31 31'],
  ...['12 11 11', '14 11 11', '21 11 11', '22 11 11', '22 12 12', '22 21 21', '41 11 11'],
];

interface JpegHeader extends Header {
  /** Where the compressed pixels begin; 0 when the header was read without them. */
  readonly scan: number;
  /** As Exif states it; width and height are those of the upright picture. */
  readonly orientation: number;
}

/**
 * The header of a JPEG from its first bytes. `whole` says that `bytes` are the whole file; else
 * null is returned when more bytes are needed.
 * @throws CodecError
 */
export function jpegHeader(bytes: Buffer, whole: boolean): JpegHeader | null {
  const cut = (): null => {
    if (whole) throw new CodecError('is cut short: copy it again.');
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
    // The Exif segment that counts is the first.
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
      `is a JPEG file with ${channels} inks, which is not read: save it as PNG.`,
    );
  }
  const samplings = [7, 10, 13].map((at) => body[at]?.toString(16)).join(' ');
  if (channels === 3 && !SAMPLINGS.includes(samplings)) {
    throw new CodecError(
      'is a JPEG file with planes of odd sizes, which is not read: save it as PNG.',
    );
  }
  return { format: 'jpeg', width, height, bits, channels };
}

/**
 * Decodes a JPEG file: one channel when it is grey, else red, green, blue.
 * @param differences whether colours are stored as a brightness and two differences, where the file
 *   itself does not say
 * @throws CodecError when it is cut short, broken or out of bounds.
 */
export async function decodeJpeg(bytes: Buffer, differences = true): Promise<Raster> {
  const header = jpegHeader(bytes, true);
  if (header === null) throw new CodecError('is a broken JPEG file.');
  const { format, bits, channels, orientation, scan } = header;
  const isTurned = isSideways(orientation);
  const [width, height] = isTurned ? [header.height, header.width] : [header.width, header.height];
  // No block of 8 × 8 takes less than a bit: a small file is no large picture.
  const isTooShort = Math.ceil(width / 8) * Math.ceil(height / 8) > bytes.length * 8;
  // The decoder finds a picture broken that was cut; without its end marker it is told as such.
  if (scan === 0 || isTooShort || bytes.lastIndexOf(END) < scan) {
    throw new CodecError('is cut short: copy it again.');
  }
  const file = differences
    ? bytes
    : Buffer.concat([bytes.subarray(0, 2), ADOBE, bytes.subarray(2)]);
  const { data } = await decodeInThread('jpeg', file, { width, height, components: channels });
  return upright({ format, width, height, bits, channels, data }, orientation);
}
