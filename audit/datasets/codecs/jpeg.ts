/** JPEG, 8 bits, baseline and progressive; what is not read is told from the header. */
import { pixelsOf } from './jpeg-colour.ts';
import { readPlanes } from './jpeg-frame.ts';
import { CodecError, checkBounds } from './raster.ts';
import { exifOrientation, isSideways, upright } from './orientation.ts';
import type { Header, Raster } from './raster.ts';

/** Start-of-frame markers that are none: tables, and the arithmetic conditioning. */
const NOT_A_FRAME = new Set([0xc4, 0xc8, 0xcc]);
const SCAN = 0xda;
const APP1 = 0xe1;

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
      if (at + 10 > bytes.length) return cut();
      header = frame(marker, bytes.subarray(at + 4));
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
  return { format: 'jpeg', width, height, bits, channels };
}

/** Whether colours are a brightness and two differences, as the file says it. */
function holdsDifferences(bytes: Buffer, end: number, unsaid: boolean): boolean {
  let ids = '';
  for (let at = 2; at + 4 <= end; at += 2 + bytes.readUInt16BE(at + 2)) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    const [marker, body] = [bytes[at + 1], bytes.subarray(at + 4)];
    if (marker === 0xe0 && body.toString('latin1', 0, 4) === 'JFIF') return true;
    if (marker === 0xee && body.toString('latin1', 0, 5) === 'Adobe') return body[11] !== 0;
    if (marker >= 0xc0 && marker <= 0xc2) ids = String.fromCharCode(body[6], body[9], body[12]);
  }
  return ids !== 'RGB' && unsaid;
}

/**
 * Decodes a JPEG file: one channel when it is grey, else red, green, blue.
 * @param differences whether colours are stored as a brightness and two differences, where the file
 *   itself does not say
 * @throws CodecError when it is cut short, broken or out of bounds.
 */
export function decodeJpeg(bytes: Buffer, differences = true): Raster {
  const header = jpegHeader(bytes, true);
  if (header === null) throw new CodecError('is a broken JPEG file.');
  // Without its end marker the file was cut; the decoder would fill the rest with grey.
  if (header.scan === 0 || bytes.lastIndexOf(Buffer.of(0xff, 0xd9)) < header.scan) {
    throw new CodecError('is cut short: copy it again.');
  }
  const { format, bits, channels, orientation } = header;
  const isTurned = isSideways(orientation);
  const [width, height] = isTurned ? [header.height, header.width] : [header.width, header.height];
  const stored = { format, width, height, bits, channels };
  const planes = readPlanes(bytes);
  if (channels === 3) {
    const data = pixelsOf(planes, width, height, holdsDifferences(bytes, header.scan, differences));
    return upright({ ...stored, data }, orientation);
  }
  const [{ data, stride }] = planes;
  const grey = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    grey.set(data.subarray(y * stride, y * stride + width), y * width);
  }
  return upright({ ...stored, data: grey }, orientation);
}
