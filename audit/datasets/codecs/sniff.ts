/** Which format a file's first bytes are of: names lie, bytes do not. */
import { extname } from 'node:path';
import type { FileFormat, FileKind } from './raster.ts';

/** Bytes that `sniff` needs. */
export const SNIFF_BYTES = 16;

const FORMAT_OF_EXTENSION: Readonly<Record<string, FileFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.gif': 'gif',
  '.img': 'jsrt',
};

/** What people call each format. */
export const FORMAT_NAME: Readonly<Record<FileFormat, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  tiff: 'TIFF',
  gif: 'GIF',
  jsrt: 'JSRT raw',
};

/** The format a file's name claims, or null when the name is no image's. */
export function formatOfName(file: string): FileFormat | null {
  return FORMAT_OF_EXTENSION[extname(file).toLowerCase()] ?? null;
}

/** Side and bytes of a JSRT original: 2048 × 2048, 16 bits a pixel, no header. */
export const JSRT_SIDE = 2048;
export const JSRT_BYTES = JSRT_SIDE * JSRT_SIDE * 2;

function starts(bytes: Uint8Array, ...signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/**
 * The format of a file by its first bytes; a JSRT original has none, so its name and its length
 * speak for it. Null when it is no image that is read here.
 */
export function sniff(head: Uint8Array, file: string, length: number): FileKind | null {
  if (starts(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(head, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(head, 0x49, 0x49, 42, 0) || starts(head, 0x4d, 0x4d, 0, 42)) return 'tiff';
  // BigTIFF: named as TIFF so that the reader can say what is wrong.
  if (starts(head, 0x49, 0x49, 43, 0) || starts(head, 0x4d, 0x4d, 0, 43)) return 'tiff';
  if (starts(head, 0x47, 0x49, 0x46, 0x38)) return 'gif';
  if (formatOfName(file) === 'jsrt' && length === JSRT_BYTES) return 'jsrt';
  // Not named like an image: only a reader of labelme says that it is one.
  if (starts(head, 0x7b) && extname(file).toLowerCase() === '.json') return 'labelme';
  return null;
}

/** Why a file that `sniff` does not know is none: for formats people are likely to bring. */
export function explainUnknown(head: Uint8Array, file: string, length: number): string {
  if (length === 0) return 'is empty (zero bytes): copy it again.';
  if (formatOfName(file) === 'jsrt') {
    return `is not a JSRT original: it has ${length} bytes, ${JSRT_BYTES} (2048 × 2048, 16 bits) expected.`;
  }
  if (starts(head, 0x42, 0x4d)) return 'is a BMP file, which is not read: save it as PNG.';
  if (starts(head, 0x1f, 0x8b)) return 'is compressed with gzip: unpack it first.';
  if (starts(head, 0x50, 0x4b, 3, 4)) return 'is a ZIP archive: unpack it first.';
  if (extname(file).toLowerCase() === '.dcm') {
    return 'is a DICOM file, which is not read: save it as PNG with 16 bits.';
  }
  return 'is not a PNG, JPEG, TIFF or GIF image: replace it, or take it out of the folder.';
}
